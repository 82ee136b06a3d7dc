import { writeSync } from "node:fs";
import { CHANNEL } from "../sandbox/wall.js";

/** What was taken before any student's code could change it. */
const stringify = JSON.stringify;
const write = writeSync;

/** Tells something to the grader, at once: the program may be ended at any moment. */
export function tell(message: object): void {
  const bytes = Buffer.from(`${stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSome(bytes, at);
}

function writeSome(bytes: Buffer, at: number): number {
  try {
    return write(CHANNEL, bytes, at);
  } catch (error) {
    // The grader reads more slowly than this writes.
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}
