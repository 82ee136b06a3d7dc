import { formatIpv4 } from "../base/addresses.js";
import type { Process, Program } from "../host/process.js";
import type { SocketOwner } from "../socket/tcp/state.js";
import { getopt, optionComplaint } from "./options.js";
import { ToolExit, tool } from "./tool-exit.js";

interface Row {
  readonly netid: "tcp" | "udp";
  readonly family: 4 | 6;
  readonly state: string;
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly local: readonly [address: string, port: string];
  readonly remote: readonly [address: string, port: string];
  readonly owner: SocketOwner | null;
}

/** Names of TCP states as ss prints them. */
const STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: "ESTAB",
  SYN_SENT: "SYN-SENT",
  SYN_RECV: "SYN-RECV",
  FIN_WAIT1: "FIN-WAIT-1",
  FIN_WAIT2: "FIN-WAIT-2",
  TIME_WAIT: "TIME-WAIT",
  CLOSE_WAIT: "CLOSE-WAIT",
  LAST_ACK: "LAST-ACK",
  CLOSED: "UNCONN",
};

/** The ports of /etc/services that a lab meets; -n shows numbers. */
const SERVICES: Readonly<Record<number, string>> = {
  22: "ssh",
  53: "domain",
  80: "http",
  443: "https",
  8080: "http-alt",
};

const LONG = {
  tcp: "t",
  udp: "u",
  listening: "l",
  numeric: "n",
  all: "a",
  "no-header": "H",
  ipv4: "4",
  ipv6: "6",
  processes: "p",
  version: "V",
};

/** `ss` of iproute2 6.1 for TCP and UDP: -t -u -l -a -n -p -H -4 -6. */
export const ss: Program = tool((process) => {
  const found = getopt(process.argv.slice(1), "hVnraleompidbwxtu460sHNKEMQfz", LONG);
  if ("error" in found) throw new ToolExit(255, optionComplaint("ss", found));
  const given = new Set(found.options.map(([letter]) => letter));
  if (given.has("V")) throw new ToolExit(0, "", "ss utility, iproute2-6.1.0\n");
  if (given.has("z")) throw new ToolExit(1, "ss: SELinux is not enabled.\n");
  for (const letter of given)
    if (!"tulanpH46".includes(letter)) throw new ToolExit(1, `ss: option -${letter} is not supported here\n`);
  if (found.operands.length > 0) throw new ToolExit(1, "ss: a filter is not supported here\n");
  const one = given.has("t") !== given.has("u");
  const rows = socketRows(process, given.has("n")).filter((row) => {
    if (one && (row.netid === "tcp") !== given.has("t")) return false;
    if (given.has("4") !== given.has("6") && (row.family === 4) !== given.has("4")) return false;
    return given.has("a") || isListening(row) === given.has("l");
  });
  process.stdout.write(
    printTable(rows, { netid: !one, heading: !given.has("H"), processes: given.has("p") }),
  );
  return 0;
});

/** What -l shows: TCP listeners and UDP sockets without a peer. */
function isListening({ state }: Row): boolean {
  return state === "LISTEN" || state === "UNCONN";
}

/** UDP before TCP, of each IPv4 before IPv6. */
function socketRows({ netns }: Process, numeric: boolean): readonly Row[] {
  const name = (port: number) => (port === 0 ? "*" : numeric ? `${port}` : (SERVICES[port] ?? `${port}`));
  const end = (address: number, port: number): [string, string] => [formatIpv4(address), name(port)];
  const all = (port: number): [string, string] => ["*", name(port)];
  const udp = netns.udp.list().map(
    (socket): Row => ({
      netid: "udp",
      family: socket.dualStack ? 6 : 4,
      state: socket.remotePort === 0 ? "UNCONN" : "ESTAB",
      receiveQueue: 0,
      sendQueue: 0,
      local: socket.dualStack ? all(socket.localPort) : end(socket.localAddress, socket.localPort),
      remote: socket.dualStack ? all(0) : end(socket.remoteAddress, socket.remotePort),
      owner: socket.holder,
    }),
  );
  const tcp = netns.tcp.list().map(
    (row): Row => ({
      netid: "tcp",
      family: row.dualStack ? 6 : 4,
      state: STATES[row.state] ?? row.state,
      receiveQueue: row.receiveQueue,
      sendQueue: row.sendQueue,
      local: row.dualStack ? all(row.local.port) : end(row.local.address, row.local.port),
      remote: row.dualStack ? all(0) : end(row.remote.address, row.remote.port),
      owner: row.owner,
    }),
  );
  const ipv6 = netns.ipv6.list().map(
    ({ protocol, address, port, backlog, owner }): Row => ({
      netid: protocol,
      family: 6,
      state: protocol === "tcp" ? "LISTEN" : "UNCONN",
      receiveQueue: 0,
      sendQueue: backlog,
      local: [address, name(port)],
      remote: ["[::]", "*"],
      owner,
    }),
  );
  const of = (netid: Row["netid"], family: 4 | 6) =>
    [...udp, ...tcp, ...ipv6].filter((row) => row.netid === netid && row.family === family);
  return [...of("udp", 4), ...of("udp", 6), ...of("tcp", 4), ...of("tcp", 6)];
}

function processText({ owner }: Row): string {
  return owner === null ? "" : ` users:(("${owner.name}",pid=${owner.pid},fd=${owner.fd}))`;
}

interface Column {
  readonly heading: string;
  /** What stands between this column and the one before it. */
  readonly before: string;
  readonly right?: boolean;
  readonly cell: (row: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { heading: "Netid", before: "", cell: (row) => row.netid },
  { heading: "State", before: " ", cell: (row) => row.state },
  { heading: "Recv-Q", before: " ", cell: (row) => `${row.receiveQueue}` },
  { heading: "Send-Q", before: " ", cell: (row) => `${row.sendQueue}` },
  { heading: "Local Address:", before: " ", right: true, cell: (row) => `${row.local[0]}:` },
  { heading: "Port", before: "", cell: (row) => row.local[1] },
  { heading: "Peer Address:", before: " ", right: true, cell: (row) => `${row.remote[0]}:` },
  { heading: "Port", before: "", cell: (row) => row.remote[1] },
  { heading: "Process", before: "", cell: processText },
];

interface TableShape {
  readonly netid: boolean;
  readonly heading: boolean;
  readonly processes: boolean;
}

/** Columns as wide as their widest entry, as ss prints them when it writes to no terminal; it does not measure the very last entry. */
function printTable(rows: readonly Row[], { netid, heading, processes }: TableShape): string {
  const columns = netid ? COLUMNS : COLUMNS.slice(1);
  const cells = rows.map((row) =>
    columns.map(({ cell }) => (cell === processText && !processes ? "" : cell(row))),
  );
  const lines = [...(heading ? [columns.map((column) => column.heading)] : []), ...cells];
  const last = columns.length - 1;
  const widths = columns.map((_, i) =>
    Math.max(0, ...(i === last ? lines.slice(0, -1) : lines).map((line) => line[i]!.length)),
  );
  return lines
    .map((line) => columns.map((column, i) => padded(column, line[i]!, widths[i]!, i === 0)).join(""))
    .map((line) => `${line}\n`)
    .join("");
}

function padded({ before, right }: Column, text: string, width: number, first: boolean): string {
  return (first ? "" : before) + (right === true ? text.padStart(width) : text.padEnd(width));
}
