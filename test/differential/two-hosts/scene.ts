import type { ListingName } from "./listings.js";
import type { Plan } from "./side.js";

/**
 * A script for two or three machines. A line says where and what: `a: COMMAND` on machine a, `a/c1: COMMAND` in its namespace c1 (`ip netns exec c1`). Commands are
 * bash, the same on both sides. `a/c1: frame eth0 HEX` puts a frame of bytes on a device's wire side, as a program with a raw socket does.
 */
export interface Scene {
  readonly name: string;
  readonly plan: Plan;
  /** What is there before anything is compared. */
  readonly setup: readonly string[];
  /** Both sides are compared after each. */
  readonly steps: readonly string[];
  /** Default: FDB, neighbours, counters. */
  readonly listings?: readonly ListingName[];
  /** Listings are asked for after every so many steps, and after the last. Default 1. */
  readonly listEvery?: number;
  /** The order of a device's frames is not compared, for this reason. */
  readonly unordered?: string;
  /** What is not compared in this scene. */
  readonly except?: Exception;
}

/** A known difference, told with its reason: lines that match are left out on both sides. */
export interface Exception {
  readonly lines: RegExp;
  readonly reason: string;
}

export interface Command {
  readonly machine: string;
  readonly command: string;
}

export interface FrameLine {
  readonly machine: string;
  readonly space: string;
  readonly device: string;
  readonly frame: Uint8Array;
}

export function parseLine(line: string): Command | FrameLine {
  const [, machine, space = "", command] = line.match(/^(\w+)(?:\/(\w+))?: ([\s\S]*)$/) ?? [];
  if (machine === undefined || command === undefined) throw new Error(`not a line of a script: ${line}`);
  const [, device, hex] = command.match(/^frame (\S+) ([\da-f]+)$/) ?? [];
  if (device !== undefined && hex !== undefined)
    return { machine, space, device, frame: new Uint8Array(Buffer.from(hex, "hex")) };
  return { machine, command: space === "" ? command : `ip netns exec ${space} ${command}` };
}

/** Lines in a row for one machine as one script, so that setting up takes few turns. */
export function grouped(lines: readonly string[]): readonly Command[] {
  const groups: Command[] = [];
  for (const line of lines) {
    const parsed = parseLine(line);
    if ("frame" in parsed) throw new Error(`a frame in a set-up: ${line}`);
    const { machine, command } = parsed;
    const last = groups.at(-1);
    if (last?.machine === machine)
      groups[groups.length - 1] = { machine, command: `${last.command}\n${command}` };
    else groups.push({ machine, command });
  }
  return groups;
}
