import { formatIpv4, tryParseIpv4 } from "../base/addresses.js";
import type { Process, Program } from "../host/process.js";
import {
  type Connection,
  STATUS_ASSURED,
  STATUS_SEEN_REPLY,
  type Tuple,
} from "../netfilter/conntrack/connection.js";
import { TCP_STATE_NAMES } from "../netfilter/conntrack/tcp-states.js";
import { parseProtocol, protocolName } from "../netfilter/protocols.js";
import { getopt } from "./options.js";
import { ToolExit, tool } from "./tool-exit.js";

const LONG: Readonly<Record<string, string>> = {
  list: "L",
  dump: "L",
  delete: "D",
  flush: "F",
  proto: "p",
  "orig-src": "s",
  src: "s",
  "orig-dst": "d",
  dst: "d",
  "reply-src": "r",
  "reply-dst": "q",
  "orig-port-src": "1",
  sport: "1",
  "orig-port-dst": "2",
  dport: "2",
  mark: "m",
  version: "V",
  help: "h",
  count: "C",
};

/** Which connections are meant: all terms must hold. */
type Filter = (connection: Connection) => boolean;

/** `conntrack` 1.4.7: -L, -D, -F, -C on the connections of the namespace. Events (-E) and statistics (-S) are refused. */
export const conntrack: Program = tool((process) => {
  const read = getopt(process.argv.slice(1), "LDFCVhp:s:d:r:q:1:2:m:", LONG);
  if ("error" in read)
    throw usageError(
      process.argv[1] === "-E" || process.argv[1] === "-S"
        ? `${process.argv[1]} is not supported here`
        : `unknown argument \`${read.option}'`,
    );
  const command = read.options.find(([letter]) => "LDFCVh".includes(letter))?.[0];
  const filter = filterOf(read.options);
  switch (command) {
    case "L":
      return list(process, filter);
    case "D":
      return remove(process, filter);
    case "F":
      for (const connection of process.netns.netfilter.conntrack.list())
        process.netns.netfilter.conntrack.remove(connection);
      process.stderr.write(
        "conntrack v1.4.7 (conntrack-tools): connection tracking table has been emptied.\n",
      );
      return 0;
    case "C":
      process.stdout.write(`${process.netns.netfilter.conntrack.list().length}\n`);
      return 0;
    case "V":
      process.stdout.write("conntrack v1.4.7 (conntrack-tools)\n");
      return 0;
    default:
      throw usageError("no command specified");
  }
});

function usageError(text: string): ToolExit {
  return new ToolExit(
    2,
    `conntrack v1.4.7 (conntrack-tools): ${text}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`,
  );
}

function filterOf(options: readonly (readonly [string, string])[]): Filter {
  const terms = options.flatMap(([letter, value]): Filter[] => {
    const test = termOf(letter, value);
    return test === null ? [] : [test];
  });
  return (connection) => terms.every((term) => term(connection));
}

function termOf(letter: string, value: string): Filter | null {
  if (letter === "p") {
    const number = parseProtocol(value);
    if (number === null) throw usageError(`\`${value}' unsupported protocol`);
    return ({ protocol }) => protocol === number;
  }
  if ("sdrq".includes(letter)) {
    const address = tryParseIpv4(value);
    if (address === null) throw usageError(`Invalid IP address \`${value}'`);
    if (letter === "s") return ({ original }) => original.source === address;
    if (letter === "d") return ({ original }) => original.destination === address;
    return letter === "r"
      ? ({ reply }) => reply.source === address
      : ({ reply }) => reply.destination === address;
  }
  if (letter === "1") return ({ original }) => original.sourcePort === Number(value);
  if (letter === "2") return ({ original }) => original.destinationPort === Number(value);
  return letter === "m" ? ({ mark }) => mark === Number(value) : null;
}

function list(process: Process, filter: Filter): number {
  const found = process.netns.netfilter.conntrack.list().filter(filter);
  for (const connection of found)
    process.stdout.write(`${connectionLine(connection, process.host.world.scheduler.now)}\n`);
  process.stderr.write(`conntrack v1.4.7 (conntrack-tools): ${found.length} flow entries have been shown.\n`);
  return 0;
}

function remove(process: Process, filter: Filter): number {
  const { netfilter } = process.netns;
  const found = netfilter.conntrack.list().filter(filter);
  for (const connection of found) {
    process.stdout.write(`${connectionLine(connection, process.host.world.scheduler.now)}\n`);
    netfilter.conntrack.remove(connection);
  }
  process.stderr.write(
    `conntrack v1.4.7 (conntrack-tools): ${found.length} flow entries have been deleted.\n`,
  );
  return found.length === 0 ? 1 : 0;
}

/** One connection as `conntrack -L` prints it. `now` in nanoseconds, for the seconds left. */
export function connectionLine(connection: Connection, now: number): string {
  const { original, reply, status, protocol, mark, expiresAt } = connection;
  const left = Math.max(0, Math.floor((expiresAt - now) / 1e9));
  const state = protocol === 6 ? `${TCP_STATE_NAMES[connection.tcpState]} ` : "";
  const unreplied = (status & STATUS_SEEN_REPLY) === 0 ? "[UNREPLIED] " : "";
  const assured = (status & STATUS_ASSURED) === 0 ? "" : "[ASSURED] ";
  const name = (protocolName(protocol) ?? "unknown").padEnd(8);
  return `${name} ${protocol} ${left} ${state}${tupleText(original)}${unreplied}${tupleText(reply)}${assured}mark=${mark} use=1`;
}

function tupleText({
  source,
  destination,
  protocol,
  sourcePort,
  destinationPort,
  icmpType,
  icmpCode,
}: Tuple): string {
  const head = `src=${formatIpv4(source)} dst=${formatIpv4(destination)} `;
  if (protocol === 1) return `${head}type=${icmpType} code=${icmpCode} id=${sourcePort} `;
  return protocol === 6 || protocol === 17 ? `${head}sport=${sourcePort} dport=${destinationPort} ` : head;
}
