import { bits, type Dissection, hex, Truncated } from "./dissection.js";
import { printDomain } from "./domain.js";
import { printHttp } from "./http.js";
import { printResp } from "./resp.js";
import { type Carrier, shouldBe, transportSum } from "./sums.js";
import { OptionFailure, printTcpOptions } from "./tcp-options.js";
import { addressesOf, endpoints } from "./udp.js";

const HEADER = 20;
const TCP = 6;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const URG = 32;
const FLAGS = [
  [FIN, "F"],
  [SYN, "S"],
  [RST, "R"],
  [8, "P"],
  [ACK, "."],
  [URG, "U"],
  [64, "E"],
  [128, "W"],
] as const;
/** Bytes of an RST's data that -v shows. */
const MAX_RESET_DATA = 30;

/** First sequence numbers, in the direction of the segment at hand. */
export interface Origin {
  readonly sequence: number;
  readonly acknowledgement: number;
}

/** Prints a TCP segment (RFC 9293; print-tcp.c). Of the payloads, HTTP, Redis and DNS are decoded. */
export function printTcp(
  d: Dissection,
  carrier: Carrier,
  at: number,
  given: number,
  fragmented: boolean,
): void {
  d.protocol = "tcp";
  if (!d.has(at + 2, 2)) {
    d.print(`${addressesOf(d, carrier)}:`);
    d.truncated();
    return;
  }
  d.print(`${endpoints(d, carrier, TCP, d.u16(at), d.u16(at + 2))}: `);
  if (!d.has(at, HEADER)) {
    d.truncated();
    return;
  }
  const header = (d.u8(at + 12) >>> 4) * 4;
  if (header < HEADER) {
    d.print(` tcp ${(given - header) >>> 0} [bad hdr length ${header} - too short, < ${HEADER}]`);
    return;
  }
  const tooLong = header > given ? ` [bad hdr length ${header} - too long, > ${given}]` : "";
  if (d.options.quiet > 0) {
    d.print(`tcp ${(given - header) >>> 0}${tooLong}`);
    return;
  }
  const flags = d.u8(at + 13);
  d.print(`Flags [${bits(FLAGS, flags, "none", "")}]`);
  const { sequence, acknowledgement, origin } = relative(d, carrier, at, flags);
  if (tooLong !== "") {
    d.print(tooLong);
    return;
  }
  if (d.options.verbose > 0 && !d.options.ignoreChecksums && !fragmented)
    printChecksum(d, carrier, at, given);
  const length = given - header;
  if (d.options.verbose > 1 || length > 0 || (flags & (SYN | FIN | RST)) !== 0) {
    d.print(`, seq ${sequence}${length > 0 ? `:${(sequence + length) >>> 0}` : ""}`);
  }
  if ((flags & ACK) !== 0) d.print(`, ack ${acknowledgement}`);
  d.print(`, win ${d.u16(at + 14)}`);
  if ((flags & URG) !== 0) d.print(`, urg ${d.u16(at + 18)}`);
  if (header > HEADER && !optionsWhole(d, at + HEADER, header - HEADER, origin)) return;
  d.print(`, length ${length}`);
  if (length > 0) printPayload(d, at, header, length, flags);
}

function optionsWhole(d: Dissection, at: number, size: number, origin: Origin): boolean {
  d.print(", options [");
  try {
    printTcpOptions(d, at, size, origin);
  } catch (failure) {
    if (!(failure instanceof OptionFailure)) throw failure;
    if (failure.truncated) d.truncated();
    else d.print("[bad opt]");
    if (!failure.first) d.print(failure.truncated ? ">" : "]");
    return false;
  }
  d.print("]");
  return true;
}

function printChecksum(d: Dissection, carrier: Carrier, at: number, length: number): void {
  if (!d.has(at, length)) return;
  const found = d.u16(at + 16);
  const sum = transportSum(d, carrier, TCP, at, length);
  d.print(
    `, cksum 0x${hex(found, 4)} ${sum === 0 ? "(correct)" : `(incorrect -> 0x${hex(shouldBe(found, sum), 4)})`}`,
  );
}

/** The numbers to print: relative to the conversation's first ones, unless -S or without ACK. */
function relative(d: Dissection, carrier: Carrier, at: number, flags: number) {
  const sequence = d.u32(at + 4);
  const acknowledgement = d.u32(at + 8);
  const absolute = { sequence, acknowledgement, origin: { sequence: 0, acknowledgement: 0 } };
  if (d.options.absoluteSequence || (flags & ACK) === 0) return absolute;
  const { key, reverse } = conversationKey(d, carrier, at);
  const known = d.conversations.get(key);
  const first = { sequence, acknowledgement: (acknowledgement - 1) >>> 0 };
  if (known === undefined || (flags & SYN) !== 0) {
    d.conversations.set(
      key,
      reverse ? { sequence: first.acknowledgement, acknowledgement: first.sequence } : first,
    );
    return { sequence, acknowledgement, origin: first };
  }
  const origin = reverse ? { sequence: known.acknowledgement, acknowledgement: known.sequence } : known;
  return {
    sequence: (sequence - origin.sequence) >>> 0,
    acknowledgement: (acknowledgement - origin.acknowledgement) >>> 0,
    origin,
  };
}

/** One key for both directions: the lower port first, then the lower address. */
function conversationKey(d: Dissection, carrier: Carrier, at: number): { key: string; reverse: boolean } {
  const [place, size] = carrier.version === 4 ? [carrier.at + 12, 4] : [carrier.at + 8, 16];
  const source = d.hex(place, size);
  const destination = d.hex(place + size, size);
  const [from, to] = [d.u16(at), d.u16(at + 2)];
  const reverse = from > to || (from === to && source > destination);
  return {
    key: reverse ? `${destination} ${to} ${source} ${from}` : `${source} ${from} ${destination} ${to}`,
    reverse,
  };
}

function printPayload(d: Dissection, at: number, header: number, length: number, flags: number): void {
  if (!d.has(at, header)) {
    d.print(` [remaining caplen(${d.end - at}) < header length(${header})]`);
    throw new Truncated();
  }
  const payload = at + header;
  if ((flags & RST) !== 0 && d.options.verbose > 0) {
    printResetData(d, payload, length);
    return;
  }
  const [source, destination] = [d.u16(at), d.u16(at + 2)];
  const either = (port: number) => source === port || destination === port;
  if (either(6379)) printResp(d, payload, length);
  else if (either(80) || either(8080)) {
    d.print(": ");
    printHttp(d, payload, length);
  } else if (either(53)) printDomain(d, payload, length, { overTcp: true, multicast: false });
}

function printResetData(d: Dissection, at: number, length: number): void {
  d.print(`${d.has(at, length) ? " [RST" : " [!RST"}${length > MAX_RESET_DATA ? "+" : ""} `);
  d.printable(at, Math.min(length, MAX_RESET_DATA));
  d.print("]");
}
