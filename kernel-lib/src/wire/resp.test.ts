import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RespValue, readResp, respCommand, respText } from "./resp.js";

const bytes = (text: string) => new TextEncoder().encode(text.replaceAll("|", "\r\n"));
const bulk = (text: string): RespValue => ({ type: "bulk", bytes: new TextEncoder().encode(text) });

describe("RESP", () => {
  // The forms of the protocol's specification; `|` stands for CR LF here.
  it.each([
    ["+OK|", "OK"],
    ["-ERR unknown command 'asdf'|", "(error) ERR unknown command 'asdf'"],
    [":1000|", "(integer) 1000"],
    ["$5|hello|", "hello"],
    ["$0||", ""],
    ["$-1|", "(nil)"],
    ["*2|$5|hello|$5|world|", "[hello, world]"],
    ["*-1|", "(nil)"],
    ["*0|", "[]"],
    ["_|", "(nil)"],
    ["#t|", "(true)"],
    [",1.23|", "1.23"],
    [",-inf|", "-inf"],
    ["(3492890328409238509324850943850943825024385|", "3492890328409238509324850943850943825024385"],
    ["!21|SYNTAX invalid syntax|", "(error) SYNTAX invalid syntax"],
    ["=15|txt:Some string|", "Some string"],
    ["%2|+first|:1|+second|:2|", "[first, (integer) 1, second, (integer) 2]"],
    ["~2|+a|+b|", "[a, b]"],
    [">3|+message|+somechannel|+this is the message|", "[message, somechannel, this is the message]"],
    ["$3|\u{1F600}|".replace("$3", "$4"), "\u{1F600}"],
  ])("%s", (wire, shown) => {
    const all = bytes(wire);
    const read = readResp(all, 0);
    expect(read).not.toBeNull();
    expect(read).not.toBe("malformed");
    const { value, end } = read as { value: RespValue; end: number };
    expect(respText(value)).toBe(shown);
    expect(end).toBe(all.length);
    for (let cut = 0; cut < all.length; cut++) expect(readResp(all.slice(0, cut), 0)).toBeNull();
  });

  it.each([
    "GET /|",
    ":12a|",
    "$x|",
    "$3|abcd|",
    "*1|hello|",
    "#x|",
    "_x|",
    ",one|",
    "+a\rb|",
    "$-2|",
    "~-1|",
  ])("%s is none", (wire) => expect(readResp(bytes(wire), 0)).toBe("malformed"));

  it("leaves an attribute out, and values nested too deep", () => {
    expect(readResp(bytes("%0|"), 0)).toMatchObject({ value: { type: "map", items: [] } });
    expect(readResp(bytes("!1|x|"), 0)).toMatchObject({ value: { type: "error" } });
    const attributed = new TextEncoder().encode("|1\r\n+ttl\r\n:3600\r\n+value\r\n");
    expect(readResp(attributed, 0)).toEqual({
      value: { type: "simple", text: "value" },
      end: attributed.length,
    });
    expect(readResp(bytes("*1|".repeat(40)), 0)).toBe("malformed");
  });

  it("knows commands: arrays of strings, and nothing else", () => {
    expect(respCommand({ type: "array", items: [bulk("PUBLISH"), bulk("chat"), bulk("a b")] })).toEqual([
      "PUBLISH",
      "chat",
      "a b",
    ]);
    expect(respCommand({ type: "array", items: [bulk("GET"), { type: "integer", text: "1" }] })).toBeNull();
    expect(respCommand({ type: "push", items: [bulk("message")] })).toBeNull();
    expect(respCommand({ type: "array", items: [] })).toBeNull();
    expect(respText({ type: "bulk", bytes: Uint8Array.of(0xff, 0x41) })).toBe("ÿA");
  });

  it("is read as it was written, one value behind the other", () => {
    const words = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (commands) => {
        const encoder = new TextEncoder();
        const wire = commands
          .map(
            (command) =>
              `*${command.length}\r\n${command.map((word) => `$${encoder.encode(word).length}\r\n${word}\r\n`).join("")}`,
          )
          .join("");
        const all = encoder.encode(wire);
        let at = 0;
        for (const command of commands) {
          const read = readResp(all, at) as { value: RespValue; end: number };
          expect(respCommand(read.value)?.map((word) => encoder.encode(word))).toEqual(
            command.map((word) => encoder.encode(word)),
          );
          at = read.end;
        }
        expect(at).toBe(all.length);
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});
