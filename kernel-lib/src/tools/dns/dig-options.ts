import { tryParseIpv4 } from "../../base/addresses.js";
import { DNS_TYPES, reverseName } from "../../wire/dns.js";
import { ToolExit } from "../tool-exit.js";
import { typeNumber } from "./record-text.js";

/** What one name is asked for, and what is shown of the answer. */
export interface DigLookup {
  name: string;
  type: number;
  typeGiven: boolean;
  /** As typed after `@`; null for /etc/resolv.conf's. */
  server: string | null;
  port: number;
  tcp: boolean;
  recurse: boolean;
  edns: boolean;
  search: boolean;
  timeout: number;
  tries: number;
  short: boolean;
  cmd: boolean;
  comments: boolean;
  question: boolean;
  answer: boolean;
  authority: boolean;
  additional: boolean;
  stats: boolean;
}

const USAGE = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

/** Query options that are a switch here: `+NAME` and `+noNAME`. */
const SWITCHES: Readonly<Record<string, keyof DigLookup>> = {
  tcp: "tcp",
  vc: "tcp",
  recurse: "recurse",
  rdflag: "recurse",
  edns: "edns",
  search: "search",
  short: "short",
  cmd: "cmd",
  comments: "comments",
  question: "question",
  answer: "answer",
  authority: "authority",
  additional: "additional",
  stats: "stats",
};

/** Others that dig has; the lab does not. */
const ELSEWHERE = new Set(
  (
    "aaflag aaonly adflag aliases badcookie besteffort bufsize cdflag class coflag cookie crypto defname dns64prefix dnssec domain dscp ednsflags ednsnegotiation ednsopt expandaaaa " +
    "expire fail header-only https https-get https-post http-plain identify idnin idnout ignore keepalive keepopen mapped multiline ndots nsid nssearch onesoa opcode padding " +
    "qid qr raflag rrcomments showbadcookie showbadvers showsearch sigchase split subnet tcflag tls tls-ca trace ttlid ttlunits unknownformat yaml zflag zoneversion"
  ).split(" "),
);

function fresh(): DigLookup {
  return {
    name: "",
    type: DNS_TYPES.A,
    typeGiven: false,
    server: null,
    port: 53,
    tcp: false,
    recurse: true,
    edns: true,
    search: false,
    timeout: 5,
    tries: 3,
    short: false,
    cmd: true,
    comments: true,
    question: true,
    answer: true,
    authority: true,
    additional: true,
    stats: true,
  };
}

export interface DigRequest {
  readonly lookups: readonly DigLookup[];
  /** Printed before the first answer. */
  readonly warnings: readonly string[];
}

/** Reads dig's command line: what stands before the first name is for all of them. Throws ToolExit in dig's words. */
export function readDig(argv: readonly string[]): DigRequest {
  const reader = new DigReader();
  const words = argv.slice(1);
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.startsWith("-") && word.length > 1) at += reader.option(word, words[at + 1]);
    else reader.word(word);
  }
  const { lookups, warnings, general } = reader;
  return { lookups: lookups.length > 0 ? lookups : [rootServers(general)], warnings };
}

class DigReader {
  readonly general = fresh();
  readonly lookups: DigLookup[] = [];
  readonly warnings: string[] = [];
  private current = this.general;

  /** A server, a query option, a class, a type or a name. */
  word(word: string): void {
    if (word.startsWith("@")) this.current.server = word.slice(1);
    else if (word.startsWith("+")) readQueryOption(word, this.current);
    else if (/^in$/i.test(word)) return;
    else if (typeNumber(word) !== null && !this.current.typeGiven) setType(this.current, word, this.warnings);
    else this.begin(word);
  }

  /** A letter with a value; gives how many further words it took. */
  option(word: string, next: string | undefined): number {
    const letter = word[1]!;
    if (letter === "4") return 0;
    if (!"xtqpc".includes(letter)) refuseOption(word);
    const value = word.length > 2 ? word.slice(2) : next;
    if (value === undefined) throw new ToolExit(1, USAGE);
    if (letter === "q") this.begin(value);
    else if (letter === "x") {
      this.begin(reversed(value));
      setType(this.current, "PTR", this.warnings);
    } else if (letter === "p") this.current.port = readPort(value);
    else if (letter === "t") setType(this.current, value, this.warnings);
    else if (value.toUpperCase() !== "IN")
      throw new ToolExit(1, `dig: class ${value} is not supported here\n`);
    return word.length > 2 ? 0 : 1;
  }

  private begin(name: string): void {
    this.current = { ...this.general, name };
    this.lookups.push(this.current);
  }
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 0xffff) return Number(text);
  throw new ToolExit(1, `dig: Couldn't parse port number '${text}'\n`);
}

/** Without a name dig asks for the root's servers. */
function rootServers(general: DigLookup): DigLookup {
  return general.typeGiven ? { ...general, name: "." } : { ...general, name: ".", type: DNS_TYPES.NS };
}

function setType(lookup: DigLookup, value: string, warnings: string[]): void {
  const type = typeNumber(value);
  if (type === null) {
    warnings.push(`;; Warning, ignoring invalid type ${value}\n`);
    return;
  }
  lookup.type = type;
  lookup.typeGiven = true;
  // BIND asks for ANY over TCP (RFC 8482).
  if (type === DNS_TYPES.ANY) lookup.tcp = true;
}

function reversed(text: string): string {
  const address = tryParseIpv4(text);
  if (address !== null) return reverseName(address);
  return `${text.split(".").filter(Boolean).reverse().join(".")}.in-addr.arpa`;
}

function refuseOption(word: string): never {
  if ("bfhiklmruvy6".includes(word[1]!))
    throw new ToolExit(1, `dig: option ${word.slice(0, 2)} is not supported here\n`);
  throw new ToolExit(1, `Invalid option: ${word}\n${USAGE}`);
}

const SECTIONS = ["comments", "question", "answer", "authority", "additional", "stats"] as const;

function readQueryOption(word: string, lookup: DigLookup): void {
  const [given = "", value] = word.slice(1).split("=");
  const off = given.startsWith("no");
  const name = off ? given.slice(2) : given;
  if (name === "all") for (const section of SECTIONS) lookup[section] = !off;
  if (name === "all") lookup.cmd = !off;
  else if (name === "time" || name === "timeout") lookup.timeout = readNumber(value, word);
  else if (name === "tries") lookup.tries = Math.max(1, readNumber(value, word));
  else if (name === "retry") lookup.tries = readNumber(value, word) + 1;
  else if (Object.hasOwn(SWITCHES, name) && (value === undefined || name === "edns"))
    (lookup as unknown as Record<string, boolean>)[SWITCHES[name]!] = !off;
  else if (ELSEWHERE.has(name)) throw new ToolExit(1, `dig: option +${given} is not supported here\n`);
  else throw new ToolExit(1, `Invalid option: ${word}\n${USAGE}`);
}

function readNumber(value: string | undefined, word: string): number {
  if (value === undefined || !/^\d+$/.test(value)) throw new ToolExit(1, `Invalid option: ${word}\n${USAGE}`);
  return Math.max(1, Number(value));
}
