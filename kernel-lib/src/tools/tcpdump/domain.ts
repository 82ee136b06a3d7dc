import type { Dissection } from "./dissection.js";
import { hex } from "./dissection.js";
import { DomainReader } from "./domain-reader.js";
import { printQuestion, printRecord } from "./domain-record.js";

const HEADER = 12;
const TYPE_OPT = 41;
const OPERATIONS = [
  "",
  " inv_q",
  " stat",
  " op3",
  " notify",
  " update",
  " op6",
  " op7",
  " op8",
  " updateA",
  " updateD",
  " updateDA",
  " updateM",
  " updateMA",
  " zoneInit",
  " zoneRef",
];
const RESPONSES = [
  "",
  " FormErr",
  " ServFail",
  " NXDomain",
  " NotImp",
  " Refused",
  " YXDomain",
  " YXRRSet",
  " NXRRSet",
  " NotAuth",
  " NotZone",
  " Resp11",
  " Resp12",
  " Resp13",
  " Resp14",
  " NoChange",
  " BadVers",
  "Resp17",
  " Resp18",
  " Resp19",
  " Resp20",
  "Resp21",
  " Resp22",
  " BadCookie",
];

export interface DomainOptions {
  readonly overTcp: boolean;
  readonly multicast: boolean;
}

/** How many entries each section has. */
interface Counts {
  readonly questions: number;
  readonly answers: number;
  readonly authorities: number;
  readonly additionals: number;
}

/** Prints a DNS message (RFC 1035; print-domain.c). */
export function printDomain(
  d: Dissection,
  start: number,
  size: number,
  { overTcp, multicast }: DomainOptions,
): void {
  d.protocol = "domain";
  let at = start;
  let length = size;
  if (overTcp) {
    if (length < 2) {
      d.print(` [DNS over TCP: length ${length} < 2]`);
      d.invalid();
      return;
    }
    length -= 2;
    const prefix = d.u16(at);
    if (prefix !== length) {
      d.print(` [prefix length(${prefix}) != length(${length})]`);
      d.invalid();
      return;
    }
    at += 2;
    d.print(" ");
  }
  if (length < HEADER) {
    d.print(`domain [length ${length} < ${HEADER}]`);
    d.invalid();
    return;
  }
  if (!d.has(at, HEADER) || !printMessage(new DomainReader(d, at, multicast))) d.truncated();
  else d.print(` (${length})`);
}

function printMessage(reader: DomainReader): boolean {
  const { d, start } = reader;
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((place) => d.u16(start + place));
  const counts = { questions, answers, authorities, additionals } as Counts;
  const flags = d.u16(start + 2);
  return (flags & 0x8000) !== 0 ? printResponse(reader, flags, counts) : printQuery(reader, flags, counts);
}

function printResponse(reader: DomainReader, flags: number, counts: Counts): boolean {
  const { d, start } = reader;
  const code = responseCode(reader, flags, counts);
  d.print(`${d.u16(start)}${OPERATIONS[(flags >>> 11) & 0xf]}${RESPONSES[code] ?? ` Resp${code}`}`);
  d.print(
    `${flags & 0x400 ? "*" : ""}${flags & 0x80 ? "" : "-"}${flags & 0x200 ? "|" : ""}${flags & 0x20 ? "$" : ""}`,
  );
  if (counts.questions !== 1) d.print(` [${counts.questions}q]`);
  let at: number | null = start + HEADER;
  for (let i = 0; i < counts.questions; i++) {
    if (i > 0) d.print(",");
    if (d.options.verbose > 1) {
      d.print(" q:");
      at = printQuestion(reader, at);
    } else {
      at = reader.skipName(at);
      if (at !== null) at += 4;
    }
    if (at === null) return false;
  }
  d.print(` ${counts.answers}/${counts.authorities}/${counts.additionals}`);
  at = printSection(reader, at, counts.answers, "");
  if (at === null || d.options.verbose < 2) return at !== null;
  at = printSection(reader, at, counts.authorities, " ns:");
  if (at === null) return false;
  return printSection(reader, at, counts.additionals, " ar:") !== null;
}

function printQuery(reader: DomainReader, flags: number, counts: Counts): boolean {
  const { d, start } = reader;
  const operation = (flags >>> 11) & 0xf;
  d.print(`${d.u16(start)}${OPERATIONS[operation]}${flags & 0x100 ? "+" : ""}${flags & 0x10 ? "%" : ""}`);
  if ((flags & 0x6cf) !== 0) d.print(` [b2&3=0x${hex(flags)}]`);
  const inverse = operation === 1;
  const { questions, answers, authorities, additionals } = counts;
  if (inverse && questions > 0) d.print(` [${questions}q]`);
  if (inverse ? answers !== 1 : answers > 0) d.print(` [${answers}a]`);
  if (!inverse && questions !== 1) d.print(` [${questions}q]`);
  if (authorities > 0) d.print(` [${authorities}n]`);
  if (additionals > 0) d.print(` [${additionals}au]`);
  let at: number | null = start + HEADER;
  for (let i = 0; i < questions; i++) {
    if (i > 0 && at >= d.end) return false;
    at = printQuestion(reader, at);
    if (at === null) return false;
  }
  if (d.options.verbose < 2) return true;
  at = printSection(reader, at, answers, "");
  if (at === null) return false;
  at = printSection(reader, at, authorities, " ns:");
  if (at === null) return false;
  return printSection(reader, at, additionals, " ar:") !== null;
}

/** Prints the records of a section; null when they are not all there. */
function printSection(reader: DomainReader, start: number, count: number, title: string): number | null {
  const { d } = reader;
  let at: number | null = start;
  for (let i = 0; i < count; i++) {
    if ((i > 0 || title !== "") && at >= d.end) return null;
    d.print(i > 0 ? "," : title);
    at = printRecord(reader, at);
    if (at === null) return null;
  }
  return at;
}

/** The response code, with the upper bits that an OPT record adds (RFC 6891). */
function responseCode(
  reader: DomainReader,
  flags: number,
  { questions, answers, authorities, additionals }: Counts,
): number {
  const { d } = reader;
  const code = flags & 0xf;
  let at: number | null = reader.start + HEADER;
  for (let i = 0; i < questions; i++) {
    at = reader.skipName(at);
    if (at === null || at + 4 >= d.end) return code;
    at += 4;
  }
  for (let i = 0; i < answers + authorities + additionals; i++) {
    at = reader.skipName(at);
    if (at === null || at + 10 > d.end) return code;
    if (i >= answers + authorities && d.u16(at) === TYPE_OPT) return code | (d.u8(at + 4) << 4);
    at += 10 + d.u16(at + 8);
    if (at >= d.end) return code;
  }
  return code;
}
