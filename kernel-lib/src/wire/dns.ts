import type { Ipv4 } from "../base/addresses.js";
import { assertNever } from "../base/assert.js";
import { DnsFormatError, DnsReader, DnsWriter } from "./dns-bytes.js";
import { Bits, U16 } from "./field.js";

export { DnsFormatError } from "./dns-bytes.js";

const flags = new U16(2);

/**
 * The header of a DNS message (RFC 1035 §4.1.1).
 *
 *       0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
 *     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *     |                      ID                       |
 *     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *     |QR|   OPCODE  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
 *     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *     |                    QDCOUNT                    |
 *     |                    ANCOUNT                    |
 *     |                    NSCOUNT                    |
 *     |                    ARCOUNT                    |
 *     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 */
export const dnsHeader = {
  id: new U16(0),
  response: new Bits(flags, 15, 1),
  opcode: new Bits(flags, 11, 4),
  authoritative: new Bits(flags, 10, 1),
  truncated: new Bits(flags, 9, 1),
  recursionDesired: new Bits(flags, 8, 1),
  recursionAvailable: new Bits(flags, 7, 1),
  zero: new Bits(flags, 6, 1),
  authenticData: new Bits(flags, 5, 1),
  checkingDisabled: new Bits(flags, 4, 1),
  rcode: new Bits(flags, 0, 4),
  questions: new U16(4),
  answers: new U16(6),
  authority: new U16(8),
  additional: new U16(10),
} as const;

export const DNS_HEADER_LENGTH = 12;
export const DNS_PORT = 53;
/** Most bytes of a message over UDP without EDNS (RFC 1035 §4.2.1). */
export const DNS_UDP_LIMIT = 512;

/** Types of records, as their names are written. */
export const DNS_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  ANY: 255,
} as const;

export const DNS_CLASS_IN = 1;

/** Response codes (RFC 1035 §4.1.1, RFC 2136), as dig names them. */
export const DNS_RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;
export const NOERROR = 0;
export const SERVFAIL = 2;
export const NXDOMAIN = 3;
export const NOTIMP = 4;
export const REFUSED = 5;

/** A name in presentation form without the last dot: `www.example`, empty for the root. Odd bytes stand as `\DDD` (RFC 1035 §5.1). */
export type DnsName = string;

export interface DnsQuestion {
  readonly name: DnsName;
  readonly type: number;
  readonly class: number;
}

/** What a record holds, by its type; `bytes` for types without a form of their own here. */
export type DnsData =
  | { readonly kind: "address"; readonly address: Ipv4 }
  | { readonly kind: "name"; readonly name: DnsName }
  | { readonly kind: "exchange"; readonly preference: number; readonly name: DnsName }
  | { readonly kind: "text"; readonly strings: readonly Uint8Array[] }
  | {
      readonly kind: "authority";
      readonly primary: DnsName;
      readonly mailbox: DnsName;
      /** Serial, refresh, retry, expire, minimum: the last four in seconds. */
      readonly numbers: readonly [number, number, number, number, number];
    }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

export interface DnsRecord extends DnsQuestion {
  /** Seconds; in an OPT record the extended flags. */
  readonly ttl: number;
  readonly data: DnsData;
}

/** A whole message. */
export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly zero: boolean;
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  readonly rcode: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

const FLAGS = [
  "response",
  "authoritative",
  "truncated",
  "recursionDesired",
  "recursionAvailable",
  "zero",
  "authenticData",
  "checkingDisabled",
] as const;

/** A question for a resolver: recursion desired, one question, perhaps an OPT record. */
export function dnsQuery(
  id: number,
  question: DnsQuestion,
  additional: readonly DnsRecord[] = [],
): DnsMessage {
  return {
    id,
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    zero: false,
    authenticData: false,
    checkingDisabled: false,
    rcode: NOERROR,
    questions: [question],
    answers: [],
    authority: [],
    additional,
  };
}

/** An answer without records to a query, as miekg's SetReply makes it. */
export function dnsReply(query: DnsMessage, rcode: number = NOERROR): DnsMessage {
  return {
    ...dnsQuery(query.id, query.questions[0]!),
    response: true,
    opcode: query.opcode,
    recursionDesired: query.recursionDesired,
    checkingDisabled: query.checkingDisabled,
    rcode,
  };
}

/** Reads a message. Bytes behind the last record are not looked at. Throws DnsFormatError for anything that is none. */
export function parseDns(bytes: Uint8Array): DnsMessage {
  if (bytes.length < DNS_HEADER_LENGTH) throw new DnsFormatError("short header");
  const reader = new DnsReader(bytes, DNS_HEADER_LENGTH);
  const count = (field: U16) => field.get(bytes, 0);
  const flag = (name: (typeof FLAGS)[number]) => dnsHeader[name].get(bytes, 0) === 1;
  const questions = Array.from({ length: count(dnsHeader.questions) }, () => readQuestion(reader));
  const records = (field: U16) => Array.from({ length: count(field) }, () => readRecord(reader));
  return {
    id: dnsHeader.id.get(bytes, 0),
    response: flag("response"),
    opcode: dnsHeader.opcode.get(bytes, 0),
    authoritative: flag("authoritative"),
    truncated: flag("truncated"),
    recursionDesired: flag("recursionDesired"),
    recursionAvailable: flag("recursionAvailable"),
    zero: flag("zero"),
    authenticData: flag("authenticData"),
    checkingDisabled: flag("checkingDisabled"),
    rcode: dnsHeader.rcode.get(bytes, 0),
    questions,
    answers: records(dnsHeader.answers),
    authority: records(dnsHeader.authority),
    additional: records(dnsHeader.additional),
  };
}

/** Writes a message; with `compress`, names that stood before are pointers (RFC 1035 §4.1.4). Throws DnsFormatError for names that cannot be written. */
export function buildDns(message: DnsMessage, { compress = false } = {}): Uint8Array {
  const head = new Uint8Array(DNS_HEADER_LENGTH);
  for (const name of FLAGS) dnsHeader[name].set(head, 0, message[name] ? 1 : 0);
  for (const name of ["id", "opcode", "rcode"] as const) dnsHeader[name].set(head, 0, message[name]);
  for (const name of ["questions", "answers", "authority", "additional"] as const)
    dnsHeader[name].set(head, 0, message[name].length);
  const writer = new DnsWriter(head, compress);
  for (const question of message.questions) writeQuestion(writer, question);
  for (const record of [...message.answers, ...message.authority, ...message.additional])
    writeRecord(writer, record);
  return writer.bytes();
}

function readQuestion(reader: DnsReader): DnsQuestion {
  return { name: reader.name(), type: reader.u16(), class: reader.u16() };
}

function writeQuestion(writer: DnsWriter, question: DnsQuestion): void {
  writer.name(question.name);
  writer.u16(question.type);
  writer.u16(question.class);
}

function readRecord(reader: DnsReader): DnsRecord {
  const question = readQuestion(reader);
  const ttl = reader.u32();
  const data = reader.within(reader.u16(), () => readData(reader, question.type));
  return { ...question, ttl, data };
}

function writeRecord(writer: DnsWriter, record: DnsRecord): void {
  writeQuestion(writer, record);
  writer.u32(record.ttl);
  writer.counted(() => writeData(writer, record.data));
}

function readData(reader: DnsReader, type: number): DnsData {
  switch (type) {
    case DNS_TYPES.A:
      return reader.left === 4
        ? { kind: "address", address: reader.u32() }
        : { kind: "bytes", bytes: reader.rest() };
    case DNS_TYPES.NS:
    case DNS_TYPES.CNAME:
    case DNS_TYPES.PTR:
      return { kind: "name", name: reader.name() };
    case DNS_TYPES.MX:
      return { kind: "exchange", preference: reader.u16(), name: reader.name() };
    case DNS_TYPES.TXT: {
      const strings: Uint8Array[] = [];
      while (reader.left > 0) strings.push(reader.take(reader.u8()));
      return { kind: "text", strings };
    }
    case DNS_TYPES.SOA:
      return {
        kind: "authority",
        primary: reader.name(),
        mailbox: reader.name(),
        numbers: [reader.u32(), reader.u32(), reader.u32(), reader.u32(), reader.u32()],
      };
    default:
      return { kind: "bytes", bytes: reader.rest() };
  }
}

function writeData(writer: DnsWriter, data: DnsData): void {
  switch (data.kind) {
    case "address":
      writer.u32(data.address);
      break;
    case "name":
      writer.name(data.name);
      break;
    case "exchange":
      writer.u16(data.preference);
      writer.name(data.name);
      break;
    case "text":
      for (const text of data.strings) writer.string(text);
      break;
    case "authority":
      writer.name(data.primary);
      writer.name(data.mailbox);
      for (const number of data.numbers) writer.u32(number);
      break;
    case "bytes":
      writer.take(data.bytes);
      break;
    default:
      assertNever(data);
  }
}

/** `3.0.18.172.in-addr.arpa` (RFC 1035 §3.5). */
export function reverseName(address: Ipv4): DnsName {
  return `${address & 255}.${(address >>> 8) & 255}.${(address >>> 16) & 255}.${address >>> 24}.in-addr.arpa`;
}
