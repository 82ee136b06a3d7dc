export const BODY_TS = `import type { IncomingMessage } from "node:http";
import { DraftError } from "./message.ts";

/** Bytes that a request may bring. */
const LONGEST_BODY = 16 * 1024;

/** A request that brings more than it may. */
export class TooLong extends Error {}

/** The fields of a form or of a JSON object. */
export async function readFields(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  const type = (request.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  if (type === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body);
  } catch {
    throw new DraftError("the body is neither JSON nor a form");
  }
}

/** The whole body as text. One that is too long is read to its end, so that the answer reaches the sender. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on("data", (part: Buffer) => {
      length += part.length;
      if (length <= LONGEST_BODY) parts.push(part);
    });
    request.on("end", () =>
      length > LONGEST_BODY ? reject(new TooLong()) : resolve(Buffer.concat(parts).toString("utf8")),
    );
    request.on("error", reject);
  });
}
`;
