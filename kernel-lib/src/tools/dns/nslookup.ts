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
import { steppedTool, ToolExit } from "../tool-exit.js";
import { askAsBind, type BindAnswer } from "./bind-client.js";
import { dataText, rcodeName, typeNumber } from "./record-text.js";

interface Request {
  readonly name: string;
  /** Null: A and then AAAA, or PTR for an address. */
  readonly type: number | null;
  readonly server: string | null;
  readonly port: number;
  readonly timeout: number;
}

/** Words before the data of a record, by its type. */
const PHRASES: Readonly<Record<number, string>> = {
  [DNS_TYPES.CNAME]: "canonical name",
  [DNS_TYPES.NS]: "nameserver",
  [DNS_TYPES.PTR]: "name",
  [DNS_TYPES.MX]: "mail exchanger",
  [DNS_TYPES.TXT]: "text",
  [DNS_TYPES.SRV]: "service",
};

/** `nslookup [-type=TYPE] NAME [SERVER]` of BIND 9.18, not interactive. */
export const nslookup: Program = steppedTool(function* (process): Steps<number> {
  const request = readRequest(process.argv);
  const conf = readResolvConf(process);
  const servers = request.server === null ? conf.servers : yield* addressesOfServer(process, request.server);
  const session = new Session(process, request, servers);
  const address = request.type === null ? tryParseIpv4(request.name) : null;
  if (address !== null) return yield* session.reverse(reverseName(address));
  const names = fullNames(request.name, conf, false);
  for (const [i, name] of names.entries()) {
    const status = yield* session.forward(name, i === names.length - 1);
    if (status !== null) return status;
  }
  return 1;
});

function readRequest(argv: readonly string[]): Request {
  const words: string[] = [];
  let type: number | null = null;
  let port = 53;
  let timeout = 5;
  for (const word of argv.slice(1)) {
    const option = /^-([a-z]+)(?:=(.*))?$/i.exec(word);
    if (option === null) {
      words.push(word);
      continue;
    }
    const [, name = "", value = ""] = option;
    if (["type", "querytype", "query", "q", "ty"].includes(name)) {
      type = typeNumber(value);
      if (type === null) throw new ToolExit(1, "", `unknown query type: ${value}\n`);
    } else if (name === "port" && /^\d+$/.test(value)) port = Number(value);
    else if (name === "timeout" && /^\d+$/.test(value)) timeout = Number(value);
    else throw new ToolExit(1, `nslookup: option -${name} is not supported here\n`);
  }
  const [name, server = null] = words;
  if (name === undefined || name === "-")
    throw new ToolExit(1, "nslookup: interactive mode is not supported here\n");
  return { name, type, server, port, timeout };
}

function* addressesOfServer(process: Process, server: string): Steps<readonly Ipv4[]> {
  const literal = tryParseIpv4(server);
  if (literal !== null) return [literal];
  const found = yield* resolve(process, server);
  if (found.length > 0) return found;
  throw new ToolExit(1, `nslookup: couldn't get address for '${server}': not found\n`);
}

class Session {
  constructor(
    private readonly process: Process,
    private readonly request: Request,
    private readonly servers: readonly Ipv4[],
  ) {}

  private say(text: string): void {
    this.process.stdout.write(text);
  }

  private *ask(name: string, type: number): Steps<BindAnswer> {
    const { port, timeout } = this.request;
    const answer = yield* askAsBind(
      this.process,
      {
        servers: this.servers,
        port,
        name,
        type,
        tcp: false,
        recurse: true,
        ednsSize: null,
        authenticData: false,
        timeout,
        tries: 3,
        reportsFailures: true,
      },
      (remark) => this.say(`;; ${remark}\n`),
    );
    if (answer !== null) return answer;
    throw new ToolExit(1, "", ";; no servers could be reached\n\n");
  }

  private header({ server }: BindAnswer): void {
    const address = formatIpv4(server);
    this.say(`Server:\t\t${this.request.server ?? address}\nAddress:\t${address}#${this.request.port}\n\n`);
  }

  /** An address: the answer stands without the server. */
  *reverse(name: string): Steps<number> {
    const { message } = yield* this.ask(name, DNS_TYPES.PTR);
    if (message.rcode !== NOERROR) {
      this.say(`** server can't find ${name}: ${rcodeName(message.rcode)}\n\n`);
      return 1;
    }
    this.records(message, name, true);
    this.say("\n");
    return 0;
  }

  /** A name; null when it does not exist and another form of it is to be tried. */
  *forward(name: string, last: boolean): Steps<number | null> {
    const { type } = this.request;
    const answer = yield* this.ask(name, type ?? DNS_TYPES.A);
    const { message } = answer;
    if (message.rcode === NXDOMAIN && !last) return null;
    this.header(answer);
    if (message.rcode !== NOERROR) {
      const shown = message.rcode === NXDOMAIN ? this.request.name.replace(/\.$/, "") : name;
      this.say(`** server can't find ${shown}: ${rcodeName(message.rcode)}\n\n`);
      return 1;
    }
    if (type !== null) {
      this.records(message, name, true);
      this.say("\n");
      return 0;
    }
    const { message: newer } = yield* this.ask(name, DNS_TYPES.AAAA);
    const more = newer.answers.filter((record) => record.type === DNS_TYPES.AAAA);
    this.records({ ...message, answers: [...message.answers, ...more] }, name, false);
    this.say("\n");
    return 0;
  }

  private records(message: DnsMessage, name: string, pointsToOthers: boolean): void {
    if (!message.authoritative) this.say("Non-authoritative answer:\n");
    this.say(
      message.answers.length === 0
        ? `*** Can't find ${name}: No answer\n`
        : message.answers.map(recordText).join(""),
    );
    const addresses = [DNS_TYPES.A, DNS_TYPES.AAAA] as readonly number[];
    if (message.authoritative || !pointsToOthers || addresses.includes(this.request.type ?? 0)) return;
    this.say(`\nAuthoritative answers can be found from:\n${message.authority.map(recordText).join("")}`);
  }
}

function recordText(record: DnsRecord): string {
  const { name, type, data } = record;
  if (type === DNS_TYPES.A || type === DNS_TYPES.AAAA)
    return `Name:\t${name}\nAddress: ${dataText(type, data)}\n`;
  if (data.kind === "authority") {
    const [serial, refresh, retry, expire, minimum] = data.numbers;
    return `${name}\n\torigin = ${data.primary}\n\tmail addr = ${data.mailbox}\n\tserial = ${serial}\n\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}\n`;
  }
  const phrase = PHRASES[type];
  if (phrase === undefined) return `${name}\trdata_${type} = ${dataText(type, data)}\n`;
  return `${name}\t${phrase} = ${dataText(type, data)}\n`;
}
