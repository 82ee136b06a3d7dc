import { type Ipv4, prefixMask, tryParseIpv4 } from "../../base/addresses.js";
import { type Connection, STATUS_ASSURED, STATUS_SEEN_REPLY } from "../../netfilter/conntrack/connection.js";
import { TRACKED_PROTOCOLS } from "../../netfilter/conntrack/print.js";
import { TCP_STATE_NAMES } from "../../netfilter/conntrack/tcp-states.js";
import { ToolExit } from "../tool-exit.js";
import type { GivenOption } from "./command-line.js";
import { NAME, usageError } from "./usage.js";

/** Which connections are meant. */
export type Filter = (connection: Connection) => boolean;

/** All terms must hold; of one option given twice the last counts. */
export function filterOf(options: readonly GivenOption[]): Filter {
  const byKey = new Map<string, Filter>();
  for (const { key, value } of options) {
    const term = termOf(key, value);
    if (term !== null) byKey.set(key, term);
  }
  const terms = [...byKey.values()];
  return (connection) => terms.every((term) => term(connection));
}

function termOf(key: string, value: string | null): Filter | null {
  switch (key) {
    case "s":
      return addressTerm(value!, ({ original }) => original.source);
    case "d":
      return addressTerm(value!, ({ original }) => original.destination);
    case "r":
      return addressTerm(value!, ({ reply }) => reply.source);
    case "q":
      return addressTerm(value!, ({ reply }) => reply.destination);
    case "p":
      return protocolTerm(value!);
    case "f":
      return familyTerm(value!);
    case "u":
      return statusTerm(value!);
    case "m":
      return markTerm(value!);
    case "n":
      return natTerm(value, isSourceChanged, isSourcePortChanged, ({ reply }) => reply.destination);
    case "g":
      return natTerm(value, isDestinationChanged, isDestinationPortChanged, ({ reply }) => reply.source);
    case "j": {
      const source = termOf("n", value)!;
      const destination = termOf("g", value)!;
      return (connection) => source(connection) || destination(connection);
    }
    case "w":
      return Number(value) === 0 ? null : () => false;
    case "l":
      throw usageError(`unknown label '${value}'`);
    default:
      return protocolOption(key, value ?? "");
  }
}

/** inet_aton: also `10.8.0` for 10.8.0.0, and a mask of a length. IPv6 addresses are none of ours. */
function addressTerm(text: string, read: (connection: Connection) => Ipv4): Filter {
  const [host = "", length] = text.split("/");
  if (host.includes(":")) return () => false;
  const address = readAddress(host);
  if (address === null) throw usageError(`Invalid IP address \`${text}'`);
  if (length === undefined) return (connection) => read(connection) === address;
  const prefix = Number(length);
  if (!/^\d+$/.test(length) || prefix > 32) throw usageError("Invalid netmask");
  const mask = prefixMask(prefix);
  return (connection) => ((read(connection) ^ address) & mask) === 0;
}

function readAddress(text: string): Ipv4 | null {
  const parts = text.split(".");
  if (parts.length === 4) return tryParseIpv4(text);
  if (parts.length > 4 || parts.some((part) => !/^\d+$/.test(part))) return null;
  const last = Number(parts.pop());
  const high = parts.reduce((sum, part, i) => sum + Number(part) * 2 ** (24 - 8 * i), 0);
  const fits = last < 2 ** (32 - 8 * parts.length) && parts.every((part) => Number(part) < 256);
  return fits ? high + last : null;
}

function protocolTerm(text: string): Filter {
  const named = Object.entries(TRACKED_PROTOCOLS).find(([, name]) => name === text)?.[0];
  const number = named ?? (/^\d+$/.test(text) && Number(text) < 256 ? text : null);
  if (number === null) throw usageError(`\`${text}' unsupported protocol`);
  return ({ protocol }) => protocol === Number(number);
}

function familyTerm(text: string): Filter {
  if (text.startsWith("ipv4")) return () => true;
  if (text.startsWith("ipv6")) return () => false;
  throw usageError(`\`${text}' unsupported protocol`);
}

/** ASSURED, SEEN_REPLY and UNREPLIED, several with commas. */
function statusTerm(text: string): Filter {
  let set = 0;
  let unreplied = false;
  for (const word of text.split(",")) {
    if (word === "ASSURED") set |= STATUS_ASSURED;
    else if (word === "SEEN_REPLY") set |= STATUS_SEEN_REPLY;
    else if (word === "UNREPLIED") unreplied = true;
    else if (
      ["UNSET", "SRC_NAT", "DST_NAT", "FIXED_TIMEOUT", "CONFIRMED", "OFFLOAD", "HW_OFFLOAD"].includes(word)
    )
      throw new ToolExit(1, `${NAME}: Operation failed: invalid parameters\n`);
    else throw usageError(`Bad parameter \`${word}'`);
  }
  return ({ status }) => (status & set) === set && (!unreplied || (status & STATUS_SEEN_REPLY) === 0);
}

/** `VALUE[/MASK]`, each as strtoul reads it: what is no number is 0. */
function markTerm(text: string): Filter {
  const [value = 0, mask = 0xffffffff] = text.split("/").map(unsigned);
  return ({ mark }) => ((mark ^ value) & mask) === 0;
}

export function unsigned(text: string): number {
  const digits = /^\s*(0x[0-9a-f]+|\d+)/i.exec(text)?.[1];
  if (digits === undefined) return 0;
  return (/^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)) >>> 0;
}

/** Translated, by the look of the tuples; with a value to that address (and port). */
function natTerm(
  value: string | null,
  isChanged: Filter,
  isPortChanged: Filter,
  read: (connection: Connection) => Ipv4,
): Filter {
  if (value === null) return (connection) => isChanged(connection) || isPortChanged(connection);
  const [host = "", port] = value.split(":");
  const address = readAddress(host);
  if (address === null) throw usageError(`Invalid IP address \`${host}'`);
  const hasPort = (connection: Connection) => {
    const { reply } = connection;
    const wanted = Number(port) & 0xffff;
    return isPortChanged(connection) && (reply.sourcePort === wanted || reply.destinationPort === wanted);
  };
  return (connection) =>
    isChanged(connection) && read(connection) === address && (port === undefined || hasPort(connection));
}

const isSourceChanged: Filter = ({ original, reply }) => original.source !== reply.destination;
const isDestinationChanged: Filter = ({ original, reply }) => original.destination !== reply.source;
/** ICMP has its type where others have their port, and so always looks translated. */
const isSourcePortChanged: Filter = ({ original, reply, protocol }) =>
  protocol === 1 || original.sourcePort !== reply.destinationPort;
const isDestinationPortChanged: Filter = ({ original, reply, protocol }) =>
  protocol === 1 || original.destinationPort !== reply.sourcePort;

function protocolOption(key: string, value: string): Filter | null {
  const number = unsigned(value) & 0xffff;
  switch (key) {
    case "sport":
    case "orig-port-src":
      return ({ original }) => original.sourcePort === number;
    case "dport":
    case "orig-port-dst":
      return ({ original }) => original.destinationPort === number;
    case "reply-port-src":
      return ({ reply }) => reply.sourcePort === number;
    case "reply-port-dst":
      return ({ reply }) => reply.destinationPort === number;
    case "icmp-type":
      return ({ original }) => original.icmpType === number;
    case "icmp-code":
      return ({ original }) => original.icmpCode === number;
    case "icmp-id":
      return ({ original }) => original.sourcePort === number;
    case "state": {
      const state = TCP_STATE_NAMES.indexOf(value);
      if (state < 0) throw usageError(`unknown TCP state \`${value}'`);
      return ({ tcp }) => tcp !== null && tcp.state === state;
    }
    default:
      return null;
  }
}
