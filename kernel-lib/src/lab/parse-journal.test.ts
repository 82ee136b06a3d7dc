import { describe, expect, it } from "vitest";
import { parseJournal } from "./parse-journal.js";

const HEADER = { format: "hopbook-journal", version: 1, preset: "single", docker: "28", seed: 1 };

const textOf = (entries: unknown, header: object = {}) => JSON.stringify({ ...HEADER, ...header, entries });

describe("a journal", () => {
  it("is read as it was written", () => {
    const entries = [
      { kind: "exec", at: 0, machine: "client", argv: ["ip", "addr"] },
      { kind: "sh", at: 1, machine: "client", line: "cat", stdin: "x" },
      {
        kind: "load",
        at: 2,
        machine: "client",
        load: 0,
        options: { url: "http://192.168.56.101/", rate: 5, requests: 5 },
      },
      { kind: "probe", at: 3, machine: "client", argv: ["ping", "-c", "2", "-W", "1", "192.168.56.101"] },
      { kind: "answer", at: 4, question: "cause", value: ["a", 1, true] },
      { kind: "hint", at: 5, number: 1 },
    ];
    expect(parseJournal(textOf(entries)).entries).toEqual(entries);
  });

  const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
  it.each([
    ["no JSON", "{", "not a journal: "],
    ["null", "null", "not a hopbook journal"],
    ["another version", textOf([], { version: 2 }), "a journal of version 2; this program reads version 1"],
    ["no entries", JSON.stringify(HEADER), "not a hopbook journal"],
    ["a header with more", textOf([], { gateway: "redis" }), 'a journal\'s header has no "gateway"'],
    ["a header of another type", textOf([], { hosts: "3" }), 'the journal\'s "hosts" is wrong'],
    ["a preset and a plan", textOf([], { plan: {} }), "does not say its preset (or plan)"],
    [
      "a plan that is a list",
      textOf([], { preset: undefined, plan: [] }),
      'the journal\'s "plan" is not an object',
    ],
    [
      "a task without a name",
      textOf([], { task: { assignment: "a", student: "s", sealed: "x" } }),
      'the journal\'s task has no "name"',
    ],
    [
      "a daemon's file without end",
      textOf([], { daemon: 0 }).replace('"daemon":0', `"daemon":${deep}`),
      "is nested deeper than 12 levels",
    ],
    [
      "a way to the prototype",
      textOf([], { daemon: 0 }).replace('"daemon":0', '"daemon":{"__proto__":{"x":1}}'),
      'a name that is not allowed: "__proto__"',
    ],
    ["entries that are no list", textOf({ length: 1 }), "not a hopbook journal"],
    ["an entry that is none", textOf([7]), "journal entry 1: unknown kind undefined"],
    ["an unknown kind", textOf([{ kind: "eval", at: 0 }]), 'journal entry 1: unknown kind "eval"'],
    ["a kind that every object has", textOf([{ kind: "toString", at: 0 }]), 'unknown kind "toString"'],
    ["no time", textOf([{ kind: "hint", number: 1 }]), 'journal entry 1 (hint): "at" is missing or wrong'],
    ["a time before the lab", textOf([{ kind: "hint", at: -1, number: 1 }]), '"at" is missing or wrong'],
    [
      "a time that is no number",
      textOf([{ kind: "hint", at: 0, number: 1 }]).replace('"at":0', '"at":1e999'),
      '"at" is missing or wrong',
    ],
    [
      "words that are none",
      textOf([{ kind: "exec", at: 0, machine: "client", argv: ["ip", 5] }]),
      '"argv" is missing or wrong',
    ],
    [
      "no words",
      textOf([{ kind: "probe", at: 0, machine: "client", argv: [] }]),
      '"argv" is missing or wrong',
    ],
    [
      "input that is no text",
      textOf([{ kind: "sh", at: 0, machine: "client", line: "cat", stdin: 5 }]),
      '"stdin" is missing or wrong',
    ],
    [
      "a field too many",
      textOf([{ kind: "hint", at: 0, number: 1, points: 100 }]),
      'journal entry 1 (hint): it has no "points"',
    ],
    [
      "its prototype",
      textOf([{ kind: "hint", at: 0, number: 1 }]).replace('"at":0', '"at":0,"__proto__":{"points":1}'),
      'it has no "__proto__"',
    ],
    [
      "options without end",
      textOf([{ kind: "load", at: 0, machine: "client", load: 0, options: 0 }]).replace(
        '"options":0',
        `"options":${deep}`,
      ),
      "is nested deeper than 12 levels",
    ],
    [
      "an answer that is an object",
      textOf([{ kind: "answer", at: 0, question: "q", value: {} }]),
      '"value" is missing or wrong',
    ],
    [
      "an answer of a book's length",
      textOf([{ kind: "answer", at: 0, question: "q", value: "x".repeat(10_001) }]),
      '"value" is missing or wrong',
    ],
    [
      "figures that no cable has",
      textOf([{ kind: "cable", at: 0, cable: "wire", figures: { colour: 1 } }]),
      "colour",
    ],
  ])("is refused with %s", (_what, text, message) => {
    expect(() => parseJournal(text)).toThrow(RangeError);
    expect(() => parseJournal(text)).toThrow(message);
  });
});
