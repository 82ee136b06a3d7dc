import { compileFilter } from "../../tools/tcpdump/filter/compile.js";
import { FilterError } from "../../tools/tcpdump/filter/filter-error.js";
import { type CapturedFrame, CaptureFileError } from "../../wire/capture.js";
import { readCapture } from "../../wire/pcap.js";
import { Job } from "../job.js";
import type { Machine } from "../machine.js";
import { Trace } from "../trace.js";
import { CheckFailure } from "./check-failure.js";
import type { Finding } from "./report.js";

/** What was captured: a capture that ran, a file on a machine, the file's bytes, or a trace, which has the frames of all devices. */
export type Captured =
  | Job
  | Uint8Array
  | Trace<unknown>
  | { readonly machine: Machine; readonly file: string };

export interface SeenOptions {
  /** How many frames there must be. Default 1. */
  readonly atLeast?: number;
}

export function checkSeen(captured: Captured, filter: string, { atLeast = 1 }: SeenOptions): Finding {
  if (!Number.isInteger(atLeast) || atLeast < 1)
    throw new RangeError(`atLeast is a whole number above 0, not ${atLeast}`);
  const what = `${atLeast === 1 ? "a frame" : `${atLeast} frames`} for “${filter}”`;
  const words = {
    wanted: `${nameOf(captured)} has ${what}`,
    unwanted: `${nameOf(captured)} has not ${what}`,
  };
  const { frames, linkType } = framesOf(captured, words.wanted);
  const passes = filterOf(filter, linkType);
  const found = frames.filter(({ bytes, originalLength }) => passes(bytes, originalLength));
  const all = `${frames.length} frame${frames.length === 1 ? "" : "s"}`;
  return {
    holds: found.length >= atLeast,
    ...words,
    seen: `${all}, of which ${found.length === 0 ? "none" : found.length} passes the filter`,
    look: "",
  };
}

function nameOf(captured: Captured): string {
  if (captured instanceof Job) return `the capture “${captured.argv.join(" ")}” on ${captured.machine.name}`;
  if (captured instanceof Trace) return "the trace";
  return captured instanceof Uint8Array ? "the capture" : `${captured.file} on ${captured.machine.name}`;
}

function framesOf(
  captured: Captured,
  wanted: string,
): { readonly frames: readonly CapturedFrame[]; readonly linkType: number } {
  try {
    return readCapture(bytesOf(captured, wanted));
  } catch (error) {
    if (!(error instanceof CaptureFileError)) throw error;
    throw new CheckFailure(wanted, `it is no capture file: ${error.message}`, "");
  }
}

function bytesOf(captured: Captured, wanted: string): Uint8Array {
  if (captured instanceof Uint8Array) return captured;
  if (captured instanceof Trace || captured instanceof Job) return captured.pcap;
  const { machine, file } = captured;
  try {
    return machine.readBytes(file);
  } catch {
    throw new CheckFailure(wanted, "there is no such file", "");
  }
}

function filterOf(filter: string, linkType: number) {
  try {
    return compileFilter(filter, { linkType });
  } catch (error) {
    if (error instanceof FilterError) throw new RangeError(`the filter “${filter}”: ${error.message}`);
    throw error;
  }
}
