import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds, us } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { sleep, until } from "../../host/waits.js";
import type { UdpSocket } from "../../socket/udp.js";
import {
  buildDns,
  DNS_CLASS_IN,
  DNS_PORT,
  DNS_TYPES,
  DnsFormatError,
  type DnsMessage,
  type DnsRecord,
  dnsQuery,
  parseDns,
  reverseName,
  SERVFAIL,
} from "../../wire/dns.js";
import { answers } from "../net/dns-exchange.js";
import { queryId } from "../net/name-query.js";
import { readResolvConf } from "../net/resolv-conf.js";
import { resolve } from "../net/resolve.js";
import { socketOwner } from "../net/stream.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { dataText, quoted, rcodeName } from "./record-text.js";

const USAGE = `BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`;
const TYPES = ["SOA", "NS", "A", "AAAA", "CNAME", "MX", "TXT", "PTR", "SRV", "ANY"] as const;
/** Seconds in which a server must answer, and how often it is asked meanwhile. */
const TIMEOUT = 5;
const TRIES = 2;
/** Between two system calls. */
const BETWEEN_WRITES: Nanoseconds = us(50);

/** One question and its answer, once it has come. */
interface Query {
  readonly name: string;
  readonly bytes: Uint8Array;
  answer: DnsMessage | null;
  milliseconds: number;
}

interface Request {
  readonly host: string;
  readonly server: string | null;
  readonly types: readonly number[];
  readonly debug: boolean;
}

/** `nslookup` of BusyBox 1.35 (FEATURE_NSLOOKUP_BIG), as alpine and busybox images have it. */
export const busyboxNslookup: Program = steppedTool(function* (process): Steps<number> {
  const request = readRequest(process.argv);
  const queries = queriesOf(process, request);
  const servers = yield* serversOf(process, request.server);
  for (const server of servers) {
    const replies = yield* askServer(process, server, queries);
    if (replies === 0) continue;
    const address = formatIpv4(server);
    process.stdout.write(`Server:\t\t${request.server ?? address}\nAddress:\t${address}:${DNS_PORT}\n\n`);
    return printAnswers(process, queries, request.debug);
  }
  process.stdout.write(";; connection timed out; no servers could be reached\n\n");
  return 1;
});

function readRequest(argv: readonly string[]): Request {
  const types: number[] = [];
  const words: string[] = [];
  let debug = false;
  for (const word of argv.slice(1)) {
    const typed = /^-(?:type|querytype)=(.*)$/.exec(word);
    if (word === "-debug") debug = true;
    else if (typed !== null) {
      const name = TYPES.find((each) => each.toLowerCase() === typed[1]!.toLowerCase());
      if (name === undefined) throw new ToolExit(1, `nslookup: invalid query type "${typed[1]}"\n`);
      types.push(DNS_TYPES[name as keyof typeof DNS_TYPES]);
    } else if (word.startsWith("-")) throw new ToolExit(1, USAGE);
    else words.push(word);
  }
  const [host, server = null] = words;
  if (host === undefined || words.length > 2) throw new ToolExit(1, USAGE);
  return { host, server, types, debug };
}

/** A and AAAA, or PTR for an address, unless types are given. A name without a dot gets the domains of the search list. */
function queriesOf(process: Process, { host, types }: Request): Query[] {
  const address = tryParseIpv4(host);
  if (types.length === 0 && address !== null) return [query(process, reverseName(address), DNS_TYPES.PTR, 0)];
  const { search } = readResolvConf(process);
  const wanted = types.length > 0 ? types : [DNS_TYPES.A, DNS_TYPES.AAAA];
  return wanted.flatMap((type, i) => {
    const names =
      search.length === 0 || host.includes(".") || type === DNS_TYPES.PTR
        ? [host]
        : search.map((domain) => `${host}.${domain}`);
    return names.map((name, j) => query(process, name, type, i * names.length + j));
  });
}

function query(process: Process, name: string, type: number, number: number): Query {
  const id = (queryId(process) + number * 4099) & 0xffff;
  try {
    const bytes = buildDns(dnsQuery(id, { name, type, class: DNS_CLASS_IN }));
    return { name, bytes, answer: null, milliseconds: 0 };
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error;
    throw new ToolExit(1, `nslookup: can't create query for '${name}'\n`);
  }
}

function* serversOf(process: Process, server: string | null): Steps<readonly Ipv4[]> {
  if (server === null) return readResolvConf(process).servers;
  const found = yield* resolve(process, server);
  if (found.length === 0) throw new ToolExit(1, `nslookup: bad address '${server}'\n`);
  return found.slice(0, 1);
}

/** Sends what has no answer yet, twice in five seconds; gives the number of answers. */
function* askServer(process: Process, server: Ipv4, queries: readonly Query[]): Steps<number> {
  const socket = process.netns.udp.socket();
  const holder = socketOwner(process);
  socket.owner = holder.name;
  socket.holder = holder;
  const { scheduler } = process.host.world;
  const startedAt = scheduler.now;
  try {
    socket.connect(server, DNS_PORT);
    for (let attempt = 1; attempt <= TRIES && queries.some(({ answer }) => answer === null); attempt++) {
      for (const each of queries) {
        if (each.answer !== null) continue;
        socket.sendTo(each.bytes);
        yield* sleep(process, BETWEEN_WRITES);
      }
      yield* gather(process, socket, queries, startedAt, startedAt + seconds((TIMEOUT * attempt) / TRIES));
    }
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    process.stderr.write(`nslookup: write to '${formatIpv4(server)}': ${error.message}\n`);
    return 0;
  } finally {
    socket.close();
  }
  return queries.filter(({ answer }) => answer !== null).length;
}

function* gather(
  process: Process,
  socket: UdpSocket,
  queries: readonly Query[],
  startedAt: Nanoseconds,
  deadline: Nanoseconds,
): Steps<void> {
  const { scheduler } = process.host.world;
  while (queries.some(({ answer }) => answer === null) && scheduler.now < deadline) {
    const bytes = receive(process, socket);
    if (bytes === null) {
      yield* until([socket.wait], deadline);
      continue;
    }
    const of = queries.find((each) => each.answer === null && answers(bytes, each.bytes));
    if (of === undefined) continue;
    of.answer = readAnswer(bytes);
    of.milliseconds = Math.floor((scheduler.now - startedAt) / 1e6);
  }
}

/** The next datagram's bytes; a refusal is told, and waited over. */
function receive(process: Process, socket: UdpSocket): Uint8Array | null {
  try {
    return socket.receive()?.bytes ?? null;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    process.stderr.write(`nslookup: read: ${error.message}\n`);
    return null;
  }
}

/** An answer that cannot be read counts as a failure of the server. */
function readAnswer(bytes: Uint8Array): DnsMessage {
  try {
    return parseDns(bytes);
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error;
    return { ...dnsQuery(0, { name: "", type: 0, class: 0 }), response: true, rcode: SERVFAIL };
  }
}

function printAnswers(process: Process, queries: readonly Query[], debug: boolean): number {
  const { stdout } = process;
  let status = 0;
  for (const [i, { name, answer, milliseconds }] of queries.entries()) {
    if (debug) stdout.write(`Query #${i} completed in ${milliseconds}ms:\n`);
    if (answer === null) {
      stdout.write(`*** Can't find ${name}: No answer\n`);
      status = 1;
    } else if (answer.rcode !== 0) {
      stdout.write(`** server can't find ${name}: ${rcodeName(answer.rcode)}\n`);
      status = 1;
    } else {
      if (!answer.authoritative) stdout.write("Non-authoritative answer:\n");
      stdout.write(answer.answers.map(recordText).join(""));
    }
    stdout.write("\n");
  }
  return status;
}

function recordText({ name, type, data }: DnsRecord): string {
  switch (data.kind) {
    case "address":
      return `Name:\t${name}\nAddress: ${formatIpv4(data.address)}\n`;
    case "name": {
      const phrase =
        type === DNS_TYPES.CNAME ? "canonical name" : type === DNS_TYPES.NS ? "nameserver" : "name";
      return `${name}\t${phrase} = ${data.name}\n`;
    }
    case "exchange":
      return `${name}\tmail exchanger = ${data.preference} ${data.name}\n`;
    case "text":
      return `${name}\ttext = "${data.strings.map(quoted).join("")}"\n`;
    case "authority": {
      const [serial, refresh, retry, expire, minimum] = data.numbers;
      return `${name}\n\torigin = ${data.primary}\n\tmail addr = ${data.mailbox}\n\tserial = ${serial}\n\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}\n`;
    }
    case "bytes":
      return type === DNS_TYPES.AAAA ? `Name:\t${name}\nAddress: ${dataText(type, data)}\n` : "";
  }
}
