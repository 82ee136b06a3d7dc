import { formatIpv4 } from "../base/addresses.js";
import type { Process, Program } from "../host/process.js";
import { getopt, optionComplaint } from "./options.js";
import { ToolExit, tool } from "./tool-exit.js";

interface Row {
  readonly netid: "tcp" | "udp";
  readonly state: string;
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly local: readonly [address: string, port: string];
  readonly remote: readonly [address: string, port: string];
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
  version: "V",
};

/** `ss` of iproute2 6.1 for TCP and UDP over IPv4: -t -u -l -a -n -H -4. */
export const ss: Program = tool((process) => {
  const found = getopt(process.argv.slice(1), "hVnraleompidbwxtu460sHNKEMQfz", LONG);
  if ("error" in found) throw new ToolExit(255, optionComplaint("ss", found));
  const given = new Set(found.options.map(([letter]) => letter));
  if (given.has("V")) throw new ToolExit(0, "", "ss utility, iproute2-6.1.0\n");
  if (given.has("z")) throw new ToolExit(1, "ss: SELinux is not enabled.\n");
  for (const letter of given)
    if (!"tulanH4".includes(letter)) throw new ToolExit(1, `ss: option -${letter} is not supported here\n`);
  if (found.operands.length > 0) throw new ToolExit(1, "ss: a filter is not supported here\n");
  const one = given.has("t") !== given.has("u");
  const rows = socketRows(process, given.has("n")).filter((row) => {
    if (one && (row.netid === "tcp") !== given.has("t")) return false;
    return given.has("a") || isListening(row) === given.has("l");
  });
  process.stdout.write(printTable(rows, { netid: !one, heading: !given.has("H") }));
  return 0;
});

/** What -l shows: TCP listeners and UDP sockets without a peer. */
function isListening({ state }: Row): boolean {
  return state === "LISTEN" || state === "UNCONN";
}

function socketRows({ netns }: Process, numeric: boolean): readonly Row[] {
  const end = (address: number, port: number): [string, string] => [
    formatIpv4(address),
    port === 0 ? "*" : numeric ? `${port}` : (SERVICES[port] ?? `${port}`),
  ];
  const udp = netns.udp.list().map(
    (socket): Row => ({
      netid: "udp",
      state: socket.remotePort === 0 ? "UNCONN" : "ESTAB",
      receiveQueue: 0,
      sendQueue: 0,
      local: end(socket.localAddress, socket.localPort),
      remote: end(socket.remoteAddress, socket.remotePort),
    }),
  );
  const tcp = netns.tcp.list().map(
    (row): Row => ({
      netid: "tcp",
      state: STATES[row.state] ?? row.state,
      receiveQueue: row.receiveQueue,
      sendQueue: row.sendQueue,
      local: end(row.local.address, row.local.port),
      remote: end(row.remote.address, row.remote.port),
    }),
  );
  return [...udp, ...tcp];
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
  { heading: "Process", before: "", cell: () => "" },
];

/** Columns as wide as their widest entry, as ss prints them when it writes to no terminal. */
function printTable(rows: readonly Row[], { netid, heading }: { netid: boolean; heading: boolean }): string {
  const columns = netid ? COLUMNS : COLUMNS.slice(1);
  const lines = [
    ...(heading ? [columns.map((column) => column.heading)] : []),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, i) => Math.max(0, ...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      columns
        .map(
          ({ before, right }, i) =>
            (i === 0 ? "" : before) +
            (right === true ? line[i]!.padStart(widths[i]!) : line[i]!.padEnd(widths[i]!)),
        )
        .join(""),
    )
    .map((line) => `${line}\n`)
    .join("");
}
