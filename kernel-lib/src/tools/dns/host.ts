import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Process, Program, Steps } from "../../host/process.js";
import {
  DNS_TYPES,
  type DnsMessage,
  type DnsRecord,
  NOERROR,
  NXDOMAIN,
  reverseName,
} from "../../wire/dns.js";
import { fullNames, readResolvConf } from "../net/resolv-conf.js";
import { resolve } from "../net/resolve.js";
import { getopt } from "../options.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { askAsBind } from "./bind-client.js";
import { dataText, rcodeName, typeName, typeNumber } from "./record-text.js";

const USAGE = `Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
`;

/** Words between a name and a record's data, by its type. */
const PHRASES: Readonly<Record<number, string>> = {
  [DNS_TYPES.A]: "has address",
  [DNS_TYPES.AAAA]: "has IPv6 address",
  [DNS_TYPES.CNAME]: "is an alias for",
  [DNS_TYPES.MX]: "mail is handled by",
  [DNS_TYPES.NS]: "name server",
  [DNS_TYPES.PTR]: "domain name pointer",
  [DNS_TYPES.SOA]: "has SOA record",
  [DNS_TYPES.SRV]: "has SRV record",
  [DNS_TYPES.TXT]: "descriptive text",
};

/** What `host NAME` asks for. */
const DEFAULT_TYPES = [DNS_TYPES.A, DNS_TYPES.AAAA, DNS_TYPES.MX];

/** `host [-t TYPE] [-T] [-W SECONDS] [-R NUMBER] NAME [SERVER]` of BIND 9.18. */
export const host: Program = steppedTool(function* (process): Steps<number> {
  const found = getopt(process.argv.slice(1), "aCdilrTvVwc:N:t:W:R:m:p:46AsU");
  if ("error" in found) throw new ToolExit(1, USAGE);
  const options = new Map(found.options);
  for (const [letter] of found.options)
    if (!"tTWR4p".includes(letter)) throw new ToolExit(1, `host: option -${letter} is not supported here\n`);
  const [name, server] = found.operands;
  if (name === undefined) throw new ToolExit(1, USAGE);
  const type = options.has("t") ? typeNumber(options.get("t")!) : null;
  if (options.has("t") && type === null) throw new ToolExit(2, `host: invalid type: ${options.get("t")}\n`);
  const conf = readResolvConf(process);
  const servers = server === undefined ? conf.servers : yield* serverAddresses(process, server);
  const session = new Session(process, servers, {
    tcp: options.has("T"),
    port: Number(options.get("p") ?? 53),
    timeout: Number(options.get("W") ?? 5),
    tries: Number(options.get("R") ?? 1) + 1,
    announced: server ?? null,
  });
  const address = type === null ? tryParseIpv4(name) : null;
  if (address !== null)
    return yield* session.run([reverseName(address)], [DNS_TYPES.PTR], `${reverseName(address)}.`);
  return yield* session.run(fullNames(name, conf, false), type === null ? DEFAULT_TYPES : [type], name);
});

function* serverAddresses(process: Process, server: string): Steps<readonly Ipv4[]> {
  const literal = tryParseIpv4(server);
  if (literal !== null) return [literal];
  const found = yield* resolve(process, server);
  if (found.length > 0) return found;
  throw new ToolExit(1, `host: couldn't get address for '${server}': not found\n`);
}

interface SessionOptions {
  readonly tcp: boolean;
  readonly port: number;
  readonly timeout: number;
  readonly tries: number;
  /** The server as typed: it is named before the answer. */
  readonly announced: string | null;
}

class Session {
  private announced = false;

  constructor(
    private readonly process: Process,
    private readonly servers: readonly Ipv4[],
    private readonly options: SessionOptions,
  ) {}

  *run(names: readonly string[], types: readonly number[], shown: string): Steps<number> {
    let last: DnsMessage | null = null;
    for (const name of names) {
      last = yield* this.ask(name, types[0]!);
      if (last.rcode === NXDOMAIN) continue;
      if (last.rcode !== NOERROR) break;
      this.announce();
      this.show(last, name, types);
      for (const type of types.slice(1)) this.show(yield* this.ask(name, type), name, types);
      return 0;
    }
    this.announce();
    this.process.stdout.write(`Host ${shown} not found: ${last!.rcode}(${rcodeName(last!.rcode)})\n`);
    return 1;
  }

  private announce(): void {
    const { announced, port } = this.options;
    if (announced === null || this.announced) return;
    this.announced = true;
    this.process.stdout.write(
      `Using domain server:\nName: ${announced}\nAddress: ${formatIpv4(this.servers[0]!)}#${port}\nAliases: \n\n`,
    );
  }

  private *ask(name: string, type: number): Steps<DnsMessage> {
    const { stdout } = this.process;
    const answer = yield* askAsBind(
      this.process,
      {
        ...this.options,
        servers: this.servers,
        name,
        type,
        recurse: true,
        ednsSize: null,
        authenticData: false,
        reportsFailures: false,
      },
      (remark) => stdout.write(`;; ${remark}\n`),
    );
    if (answer === null) throw new ToolExit(1, "", ";; no servers could be reached\n");
    return answer.message;
  }

  /** The records; that there is none is said only where one type was asked for. CNAME records come with the first type only. */
  private show(message: DnsMessage, name: string, types: readonly number[]): void {
    const type = message.questions[0]?.type;
    const records = message.answers.filter((record) => type === types[0] || record.type !== DNS_TYPES.CNAME);
    if (message.answers.length === 0 && types.length === 1)
      this.process.stdout.write(`${name} has no ${typeName(types[0]!)} record\n`);
    this.process.stdout.write(records.map(recordText).join(""));
  }
}

function recordText({ name, type, data }: DnsRecord): string {
  const phrase = PHRASES[type] ?? `has ${typeName(type)} record`;
  return `${name} ${phrase} ${dataText(type, data)}\n`;
}
