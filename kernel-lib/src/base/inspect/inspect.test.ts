import { Console } from "node:console";
import { Writable } from "node:stream";
import * as util from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { format } from "./format.js";
import { CUSTOM, type InspectOptions, inspect } from "./inspect.js";
import { formatTable } from "./table.js";

class Plain {
  a = 1;
}
class Named extends Map<string, number> {
  override get [Symbol.toStringTag]() {
    return "tagged";
  }
}
class Own {
  constructor(readonly x: number) {}
  [CUSTOM]() {
    return `Own<${this.x}>\nsecond line`;
  }
}
class Odd extends Error {
  code = "E_ODD";
}

const ring: Record<string, unknown> = { name: "ring" };
ring.self = ring;
ring.list = [ring, { ring }];
const holes: unknown[] = Object.assign(new Array(6), { 0: 1, 3: 4 });
const extra = Object.assign([1, 2], { name: "x" });
const bare = Object.assign(Object.create(null) as object, { a: 1 });
const withCause = new Error("outer", { cause: new TypeError("inner") });
withCause.stack = "Error: outer\n    at somewhere (file.ts:1:2)";
(withCause.cause as Error).stack = "TypeError: inner\n    at elsewhere (file.ts:3:4)";
const quiet = new Odd("odd");
quiet.stack = "Error: odd";

/** The object that a function sees its arguments as. */
const argumentsOf = new Function("return arguments;") as (...given: number[]) => unknown;

const VALUES: readonly (readonly [string, unknown])[] = [
  ["numbers", [0, -0, 1.5, Number.NaN, 12n, true, null, undefined, Symbol("s")]],
  ["strings", ["it's", `"both" 'kinds'`, "`all` \"three\" 'kinds'", "line\nend\t\x00\x7f\u0085", "\ud800"]],
  ["a long text", `${"word ".repeat(30)}\n${"more ".repeat(30)}`],
  ["a long text inside", { text: `${"word ".repeat(30)}\n${"more ".repeat(30)}` }],
  ["nothing inside", [{}, [], new Map(), new Set(), bare, new Plain(), Object.create(null)]],
  ["nested", { a: { b: { c: { d: { e: 1 } } } }, list: [[[[1]]]] }],
  ["names", { "a-b": 1, 1: 2, [Symbol("k")]: 3, "": 4, __proto__x: 5, ключ: 6 }],
  [
    "getters",
    {
      get a() {
        return 1;
      },
      set a(_v) {},
      get b() {
        return 1;
      },
      set c(_v: number) {},
    },
  ],
  ["a ring", ring],
  ["holes", holes],
  ["an array with names", extra],
  ["many numbers", Array.from({ length: 120 }, (_, i) => i * 37)],
  ["many words", Array.from({ length: 30 }, (_, i) => "x".repeat((i * 7) % 11))],
  ["seven", [1, 2, 3, 4, 5, 6, 7]],
  [
    "maps",
    new Map<unknown, unknown>([
      ["a", { b: 1 }],
      [{ k: 1 }, new Map([[1, 2]])],
    ]),
  ],
  ["sets", new Set([1, "a", { b: new Set([2]) }])],
  ["classes", [Plain, Named, class extends Plain {}, class {}, new Named([["a", 1]]), new Plain()]],
  [
    "functions",
    [() => 1, function named() {}, async () => 1, function* g() {}, async function* h() {}, Math.max],
  ],
  ["functions with names", Object.assign(() => 1, { extra: true })],
  ["its own way", { own: new Own(3), list: [new Own(4)] }],
  ["errors", [withCause, quiet]],
  ["an error with a code", Object.assign(withCause, { code: "E" })],
  ["bytes", [new Uint8Array([1, 2, 3]), new Float64Array(2), new BigInt64Array(1), new Uint8Array(0)]],
  ["buffers", [new ArrayBuffer(3), new DataView(new ArrayBuffer(2))]],
  ["many bytes", new Uint8Array(200)],
  ["boxes", [Object(1), Object("text"), Object(true), Object(1n), Object(Symbol("b"))]],
  ["dates", [new Date(0), new Date(Number.NaN), Object.assign(new Date(0), { note: 1 })]],
  ["patterns", [/a+/g, Object.assign(/b/, { note: 1 })]],
  ["weak", [new WeakMap(), new WeakSet()]],
  ["arguments", argumentsOf(1, 2)],
  ["tags", { [Symbol.toStringTag]: "listed", a: 1 }],
  [
    "null with a tag",
    Object.assign(
      Object.create({
        get [Symbol.toStringTag]() {
          return "t";
        },
      }) as object,
      { a: 1 },
    ),
  ],
  ["a module", Object.freeze({ __proto__: null, default: 1 })],
  ["an address", new URL("http://example.test/a?b#c")],
  ["a wide object", Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`property${i}`, i]))],
];

const OPTIONS: readonly InspectOptions[] = [
  {},
  { depth: 4, breakLength: 100, maxStringLength: 10_000 },
  { depth: 0 },
  { depth: null, breakLength: 40 },
  { breakLength: 60, maxArrayLength: 3, maxStringLength: 5 },
  { compact: false },
  { compact: 1 },
  { sorted: true },
];

describe("inspect", () => {
  it.each(VALUES)("shows %s as Node does", (_name, value) => {
    for (const options of OPTIONS) expect(inspect(value, options)).toBe(util.inspect(value, options));
  });

  it("shows any value as Node does", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withBoxedValues: true,
    });
    fc.assert(
      fc.property(anything, fc.constantFrom(...OPTIONS), (value, options) => {
        expect(inspect(value, options)).toBe(util.inspect(value, options));
      }),
      { numRuns: 1500, seed: 5 },
    );
  });
});

describe("format", () => {
  const ROWS: readonly (readonly unknown[])[] = [
    ["plain"],
    ["%s and %d", "a", 4, "rest", { a: 1 }],
    ["%i %f %j %o %O %c|%%", 3.7, "4.5", { a: [1] }, { b: 1 }, { c: { d: { e: { f: 1 } } } }, "css"],
    ["%s %s %s %s", { a: { b: 1 } }, new Own(1), new Date(0), [1, [2, [3]]]],
    ["%s", Object.assign(Object.create(null) as object, { a: 1 })],
    ["%s", class A {}, () => 1],
    ["100%", 5],
    ["%d %d %d", 5n, Symbol("s"), "x"],
    ["%x %s"],
    ["%s %s", 1],
    [1, "two", { three: 3 }, [4]],
    [null, undefined, -0],
    ["%j", ring],
    [],
  ];
  it.each(ROWS.map((row) => [row] as const))("writes %# as Node does", (row) => {
    expect(format(...row)).toBe(util.format(...row));
  });
});

describe("formatTable", () => {
  const TABLES: readonly unknown[] = [
    [
      { a: 1, b: "x" },
      { a: 2, c: { d: 1 } },
    ],
    ["a", "b"],
    { one: { x: 1 }, two: 5 },
    new Map([["k", 1]]),
    new Set(["v"]),
    [
      [1, 2],
      [3, 4],
    ],
    [],
  ];
  it.each(TABLES.map((data) => [data] as const))("draws %# as Node does", (data) => {
    let drawn = "";
    const stream = new Writable({
      write(chunk, _encoding, done) {
        drawn += String(chunk);
        done();
      },
    });
    new Console(stream).table(data);
    expect(`${formatTable(data)}\n`).toBe(drawn);
  });
});
