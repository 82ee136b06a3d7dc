import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildDns,
  DNS_CLASS_IN,
  DNS_TYPES,
  DnsFormatError,
  type DnsMessage,
  dnsQuery,
  dnsReply,
  parseDns,
} from "./dns.js";
import { labelsOf } from "./dns-bytes.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/g, ""), "hex"));

const label = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
const odd = fc
  .uint8Array({ minLength: 1, maxLength: 6 })
  .map((bytes) => [...bytes].map((byte) => `\\${String(byte).padStart(3, "0")}`).join(""));
const name = fc
  .array(fc.oneof({ weight: 5, arbitrary: label }, odd), { maxLength: 5 })
  .map((labels) => normal(labels.join(".")));
/** The one way in which a name is read: printable characters unescaped. */
const normal = (text: string) =>
  labelsOf(text)
    .map((bytes) =>
      bytes
        .map((byte) =>
          byte === 0x2e || byte === 0x5c
            ? `\\${String.fromCharCode(byte)}`
            : byte > 0x20 && byte < 0x7f
              ? String.fromCharCode(byte)
              : `\\${String(byte).padStart(3, "0")}`,
        )
        .join(""),
    )
    .join(".");
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const question = fc.record({ name, type: u16, class: u16 });
const data = fc.oneof(
  u32.map((address) => ({ type: DNS_TYPES.A, data: { kind: "address" as const, address } })),
  name.map((target) => ({ type: DNS_TYPES.CNAME, data: { kind: "name" as const, name: target } })),
  fc.tuple(u16, name).map(([preference, target]) => ({
    type: DNS_TYPES.MX,
    data: { kind: "exchange" as const, preference, name: target },
  })),
  fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 }).map((strings) => ({
    type: DNS_TYPES.TXT,
    data: { kind: "text" as const, strings },
  })),
  fc.tuple(name, name, fc.tuple(u32, u32, u32, u32, u32)).map(([primary, mailbox, numbers]) => ({
    type: DNS_TYPES.SOA,
    data: { kind: "authority" as const, primary, mailbox, numbers },
  })),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => ({
    type: DNS_TYPES.OPT,
    data: { kind: "bytes" as const, bytes },
  })),
);
const record = fc
  .tuple(name, u16, u32, data)
  .map(([owner, klass, ttl, rest]) => ({ name: owner, class: klass, ttl, ...rest }));
const records = fc.array(record, { maxLength: 4 });
const message: fc.Arbitrary<DnsMessage> = fc.record({
  id: u16,
  response: fc.boolean(),
  opcode: fc.integer({ min: 0, max: 15 }),
  authoritative: fc.boolean(),
  truncated: fc.boolean(),
  recursionDesired: fc.boolean(),
  recursionAvailable: fc.boolean(),
  zero: fc.boolean(),
  authenticData: fc.boolean(),
  checkingDisabled: fc.boolean(),
  rcode: fc.integer({ min: 0, max: 15 }),
  questions: fc.array(question, { maxLength: 2 }),
  answers: records,
  authority: records,
  additional: records,
});

describe("messages", () => {
  it("are read as they were written, compressed or not", () => {
    fc.assert(
      fc.property(message, fc.boolean(), (given, compress) => {
        expect(parseDns(buildDns(given, { compress }))).toEqual(given);
      }),
      { numRuns: 1000, seed: 35 },
    );
  });

  it("that are damaged are refused with the codec's own error or read as something else", () => {
    const damage = fc.tuple(
      message,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
      fc.nat(),
    );
    fc.assert(
      fc.property(damage, ([given, changes, cut]) => {
        const bytes = buildDns(given, { compress: true });
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const damaged = cut % 3 === 0 ? bytes.slice(0, cut % bytes.length) : bytes;
        try {
          parseDns(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(DnsFormatError);
        }
      }),
      { numRuns: 10_000, seed: 36 },
    );
  });

  it("may not point forward or in a circle", () => {
    const head = "0001 0100 0001 0000 0000 0000";
    expect(() => parseDns(bytesOf(`${head} c00c 0001 0001`))).toThrow("a pointer that leads forward");
    expect(() => parseDns(bytesOf(`${head} 0161 c00c 0001 0001`))).toThrow("a pointer that leads forward");
    expect(() => parseDns(bytesOf(`${head} 4161 0001 0001`))).toThrow("a label of unknown kind");
  });

  it("refuse names that no message can hold", () => {
    const query = (text: string) => () => buildDns(dnsQuery(1, { name: text, type: 1, class: 1 }));
    expect(query("a..b")).toThrow("an empty label");
    expect(query("x".repeat(64))).toThrow("a label of more than 63 bytes");
    expect(query(`${"x".repeat(60)}.`.repeat(5))).toThrow("a name of more than 255 bytes");
  });
});

describe("the recorded exchange of the embedded DNS", () => {
  const asked = { name: "other", type: DNS_TYPES.A, class: DNS_CLASS_IN };

  it("has curl's 23 bytes and 44 bytes of answer", () => {
    const query = dnsQuery(17288, asked);
    expect(hex(buildDns(query))).toBe("4388010000010000000000000" + "56f74686572" + "0000010001");
    const reply = {
      ...dnsReply(query),
      recursionAvailable: true,
      answers: [{ ...asked, ttl: 600, data: { kind: "address" as const, address: 0xac120003 } }],
    };
    expect(buildDns(reply)).toHaveLength(44);
    expect(buildDns(reply, { compress: true })).toHaveLength(39);
  });
});
