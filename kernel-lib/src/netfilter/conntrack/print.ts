import { formatIpv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";
import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import {
  type Connection,
  STATUS_ASSURED,
  STATUS_SEEN_REPLY,
  type TrafficCounter,
  type Tuple,
} from "./connection.js";
import type { ConntrackEventType } from "./events.js";
import { TCP_STATE_NAMES } from "./tcp-states.js";

/** The protocols that libnetfilter_conntrack and the kernel have names for here; all others are `unknown`. */
export const TRACKED_PROTOCOLS: Readonly<Record<number, string>> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  33: "dccp",
  47: "gre",
  58: "icmpv6",
  132: "sctp",
  136: "udplite",
};

export interface LineOptions {
  /** `ipv4     2 ` in front (`-o extended`). */
  readonly extended?: boolean;
  readonly id?: boolean;
  /** Times of begin and end as dates (`-o ktimestamp`). */
  readonly dates?: boolean;
}

/** Seconds that a connection has left. */
export function secondsLeft({ expiresAt }: Connection, now: Nanoseconds): number {
  return Math.max(0, Math.floor((expiresAt - now) / 1e9));
}

/** The number by which netlink names a connection, which looks like chance (nf_ct_get_id). */
export function netlinkId({ id }: Connection): number {
  const mixed = Math.imul(id ^ (id >>> 16), 0x45d9f3b) ^ 0x5bd1e995;
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0;
}

/** One connection as `conntrack -L` prints it. `now` for the seconds left. */
export function connectionLine(connection: Connection, now: Nanoseconds, options: LineOptions = {}): string {
  const { traffic, mark } = connection;
  const parts = [
    `${headText(connection, options)}${secondsLeft(connection, now)}`,
    ...flowParts(connection, traffic),
    `mark=${mark}`,
    ...timeParts(connection, now, options.dates === true),
    "use=1",
  ];
  if (options.id === true) parts.push(`id=${netlinkId(connection)}`);
  return parts.join(" ");
}

/** A line of /proc/net/nf_conntrack (ct_seq_show): reading it takes a reference, hence use=2. */
export function procLine(connection: Connection, now: Nanoseconds): string {
  return [
    `${headText(connection, { extended: true })}${secondsLeft(connection, now)}`,
    ...flowParts(connection, connection.traffic),
    `mark=${connection.mark}`,
    "zone=0",
    ...timeParts(connection, now, false),
    "use=2",
  ].join(" ");
}

/** An event as `conntrack -E` prints it, without who caused it. Counters and times come with the end only. */
export function eventLine(
  type: ConntrackEventType,
  connection: Connection,
  now: Nanoseconds,
  options: LineOptions = {},
): string {
  const ends = type === "DESTROY";
  const left = secondsLeft(connection, now);
  const head = headText(connection, options);
  const parts = [
    `${`[${type}]`.padStart(9)} ${ends && left === 0 ? head.trimEnd() : `${head}${left}`}`,
    ...flowParts(connection, ends ? connection.traffic : null),
  ];
  if (connection.mark !== 0) parts.push(`mark=${connection.mark}`);
  if (ends) parts.push(...timeParts(connection, now, options.dates === true));
  if (options.id === true) parts.push(`id=${netlinkId(connection)}`);
  return parts.join(" ");
}

function headText({ protocol }: Connection, { extended }: LineOptions): string {
  const name = (TRACKED_PROTOCOLS[protocol] ?? "unknown").padEnd(8);
  return `${extended === true ? "ipv4     2 " : ""}${name} ${protocol} `;
}

function flowParts(
  connection: Connection,
  traffic: readonly [TrafficCounter, TrafficCounter] | null,
): string[] {
  const { original, reply, status, tcp } = connection;
  const parts = tcp === null ? [] : [TCP_STATE_NAMES[tcp.state]!];
  parts.push(tupleText(original));
  if (traffic !== null) parts.push(counterText(traffic[0]));
  if ((status & STATUS_SEEN_REPLY) === 0) parts.push("[UNREPLIED]");
  parts.push(tupleText(reply));
  if (traffic !== null) parts.push(counterText(traffic[1]));
  if ((status & STATUS_ASSURED) !== 0) parts.push("[ASSURED]");
  return parts;
}

function counterText({ packets, bytes }: TrafficCounter): string {
  return `packets=${packets} bytes=${bytes}`;
}

function tupleText(tuple: Tuple): string {
  const { source, destination, protocol, sourcePort, destinationPort, icmpType, icmpCode } = tuple;
  const hosts = `src=${formatIpv4(source)} dst=${formatIpv4(destination)}`;
  if (protocol === 1) return `${hosts} type=${icmpType} code=${icmpCode} id=${sourcePort}`;
  const ports = protocol === 6 || protocol === 17;
  return ports ? `${hosts} sport=${sourcePort} dport=${destinationPort}` : hosts;
}

/** How long it has lived (nf_conntrack_timestamp). */
function timeParts({ startedAt, stoppedAt }: Connection, now: Nanoseconds, dates: boolean): string[] {
  if (startedAt < 0) return [];
  const end = stoppedAt < 0 ? now : stoppedAt;
  const parts = [`delta-time=${Math.floor((end - startedAt) / 1e9)}`];
  if (!dates) return parts;
  parts.push(`[start=${dateText(startedAt)}]`);
  if (stoppedAt >= 0) parts.push(`[stop=${dateText(stoppedAt)}]`);
  return parts;
}

/** ctime(3): `Sat Nov 21 14:38:49 2026`. */
function dateText(at: Nanoseconds): string {
  const date = new Date((LAB_EPOCH_SECONDS + Math.floor(at / 1e9)) * 1000);
  const [day = "", number = "", month = "", year = "", time = ""] = date
    .toUTCString()
    .replace(",", "")
    .split(" ");
  return `${day} ${month} ${String(Number(number)).padStart(2)} ${time} ${year}`;
}
