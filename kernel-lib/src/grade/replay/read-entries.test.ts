import { describe, expect, it } from "vitest";
import { readOpenedEntries } from "./read-entries.js";

const wait = (duration: number, at = 0) => ({ kind: "wait", at, duration });
const sh = (line: string) => ({ kind: "sh", at: 5, machine: "a", line });

/** Entries as they leave the sandbox, and why they are refused; null for those that are not. */
const ROWS: readonly (readonly [title: string, entries: readonly unknown[], why: RegExp | null])[] = [
  ["what a student does", [sh("ip link set eth0 up"), wait(20e9), { kind: "hint", at: 1, number: 1 }], null],
  ["nothing", [], null],
  ["no object", [null], /entry 1: unknown kind/],
  ["an unknown kind", [sh("true"), { kind: "points", at: 0 }], /entry 2: unknown kind "points"/],
  ["an inherited kind", [{ kind: "constructor", at: 0 }], /entry 1: unknown kind "constructor"/],
  ["a field too many", [{ ...sh("true"), points: 5 }], /entry 1 \(sh\): it has no "points"/],
  ["a wrong type", [{ kind: "exec", at: 0, machine: "a", argv: "ls" }], /"argv" is missing or wrong/],
  ["a time below 0", [wait(1, -1)], /"at" is missing or wrong/],
  ["a long wait", [wait(20 * 86_400e9), wait(11 * 86_400e9)], /waits 31 days; the most is 30 days/],
  ["a far future", [wait(1, 40 * 86_400e9)], /it is at 40 days/],
  ["a long line", [sh("x".repeat(100_001))], /entry 1 has more than 100000 characters/],
  ["too many", Array(5_001).fill(wait(1)), /5001 entries; the most that is replayed is 5000/],
  ["many processors", [{ kind: "processors", at: 0, machine: "a", count: 1e9 }], /1000000000 processors/],
  [
    "a large load",
    [
      {
        kind: "load",
        at: 0,
        machine: "a",
        load: 0,
        options: { url: "http://a/", rate: 1e6, duration: 1e12 },
      },
    ],
    /1000000000 requests; the most is 100000/,
  ],
];

describe("the entries of a journal that left the sandbox", () => {
  it.each(ROWS)("%s", (_title, entries, why) => {
    const read = () => readOpenedEntries(entries.map((entry) => JSON.stringify(entry)));
    if (why === null) expect(read()).toEqual(entries);
    else expect(read).toThrow(why);
  });
});
