import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { DNS_TYPES, DnsFormatError, type DnsMessage, type DnsRecord } from "../../wire/dns.js";
import { labelsOf } from "../../wire/dns-bytes.js";
import { fullNames, readResolvConf } from "../net/resolv-conf.js";
import { resolve } from "../net/resolve.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { askAsBind, type BindAnswer } from "./bind-client.js";
import { type DigLookup, readDig } from "./dig-options.js";
import { dataText, questionLine, rcodeName, recordLine } from "./record-text.js";

const VERSION = "9.18.49-1~deb12u1-Debian";
/** Status when no server answered. */
const NO_SERVER = 9;
const EDNS_SIZE = 1232;
const OPCODES = ["QUERY", "IQUERY", "STATUS", "RESERVED3", "NOTIFY", "UPDATE"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `dig` of BIND 9.18. */
export const dig: Program = steppedTool(function* (process): Steps<number> {
  const { lookups, warnings } = readDig(process.argv);
  for (const warning of warnings) process.stdout.write(warning);
  for (const { name } of lookups) checkName(name);
  let status = 0;
  for (const [i, lookup] of lookups.entries())
    status = Math.max(status, yield* show(process, lookup, i === 0));
  return status;
});

function checkName(name: string): void {
  try {
    labelsOf(name);
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error;
    const why = error.message.includes("label of more")
      ? "label too long"
      : error.message.includes("empty")
        ? "empty label"
        : "ran out of space";
    throw new ToolExit(10, `dig: '${name}' is not a legal name (${why})\n`);
  }
}

function* show(process: Process, lookup: DigLookup, first: boolean): Steps<number> {
  const { stdout } = process;
  const servers = yield* serversOf(process, lookup);
  const conf = readResolvConf(process);
  const names = lookup.search ? fullNames(lookup.name, conf, false) : [lookup.name];
  const greeting =
    first && lookup.cmd && !lookup.short
      ? `\n; <<>> DiG ${VERSION} <<>>${process.argv
          .slice(1)
          .map((word) => ` ${word}`)
          .join("")}\n;; global options: +cmd\n`
      : "";
  let answer: BindAnswer | null = null;
  for (const name of names) {
    const request = {
      ...lookup,
      name: name.replace(/\.$/, ""),
      servers,
      ednsSize: lookup.edns ? EDNS_SIZE : null,
      authenticData: true,
      reportsFailures: false,
    };
    answer = yield* askAsBind(process, request, (remark) => stdout.write(`;; ${remark}\n`));
    if (answer === null || answer.message.answers.length > 0) break;
  }
  if (answer === null) {
    stdout.write(`${greeting};; no servers could be reached\n`);
    return NO_SERVER;
  }
  stdout.write(lookup.short ? shortText(answer.message) : greeting + fullText(process, lookup, answer));
  return 0;
}

function* serversOf(process: Process, { server }: DigLookup): Steps<readonly Ipv4[]> {
  if (server === null) return readResolvConf(process).servers;
  const literal = tryParseIpv4(server);
  if (literal !== null) return [literal];
  const found = yield* resolve(process, server);
  if (found.length > 0) return found;
  throw new ToolExit(1, `dig: couldn't get address for '${server}': not found\n`);
}

function shortText({ answers }: DnsMessage): string {
  return answers.map((record) => `${dataText(record.type, record.data)}\n`).join("");
}

function fullText(process: Process, lookup: DigLookup, answer: BindAnswer): string {
  const { message } = answer;
  const gap = lookup.comments ? "\n" : "";
  const section = (shown: boolean, name: string, lines: readonly string[]) => {
    if (!shown || lines.length === 0) return "";
    const heading = lookup.comments ? `;; ${name} SECTION:\n` : "";
    return `${heading}${lines.map((line) => `${line}\n`).join("")}${gap}`;
  };
  const plain = message.additional.filter(({ type }) => type !== DNS_TYPES.OPT);
  return [
    lookup.comments ? headText(lookup, message) : "",
    section(lookup.question, "QUESTION", message.questions.map(questionLine)),
    section(lookup.answer, "ANSWER", message.answers.map(recordLine)),
    section(lookup.authority, "AUTHORITY", message.authority.map(recordLine)),
    section(lookup.additional, "ADDITIONAL", plain.map(recordLine)),
    lookup.stats ? statsText(process, lookup, answer) : "",
  ].join("");
}

function headText({ recurse }: DigLookup, message: DnsMessage): string {
  return `;; Got answer:\n${headerText(message)}${
    recurse && !message.recursionAvailable ? ";; WARNING: recursion requested but not available\n" : ""
  }\n${optText(message.additional.find(({ type }) => type === DNS_TYPES.OPT))}`;
}

/** The two lines on the header. */
export function headerText(message: DnsMessage): string {
  const flags: readonly (readonly [boolean, string])[] = [
    [message.response, "qr"],
    [message.authoritative, "aa"],
    [message.truncated, "tc"],
    [message.recursionDesired, "rd"],
    [message.recursionAvailable, "ra"],
    [message.authenticData, "ad"],
    [message.checkingDisabled, "cd"],
  ];
  const set = flags.filter(([on]) => on).map(([, name]) => ` ${name}`);
  const { questions, answers, authority, additional } = message;
  return (
    `;; ->>HEADER<<- opcode: ${OPCODES[message.opcode] ?? `RESERVED${message.opcode}`}, status: ${rcodeName(message.rcode)}, id: ${message.id}\n` +
    `;; flags:${set.join("")}; QUERY: ${questions.length}, ANSWER: ${answers.length}, AUTHORITY: ${authority.length}, ADDITIONAL: ${additional.length}\n`
  );
}

function optText(record: DnsRecord | undefined): string {
  if (record === undefined) return "";
  const dnssec = (record.ttl & 0x8000) !== 0 ? " do" : "";
  return `;; OPT PSEUDOSECTION:\n; EDNS: version: ${(record.ttl >>> 16) & 255}, flags:${dnssec}; udp: ${record.class}\n`;
}

function statsText(process: Process, { port }: DigLookup, answer: BindAnswer): string {
  const server = formatIpv4(answer.server);
  return (
    `;; Query time: ${answer.milliseconds} msec\n` +
    `;; SERVER: ${server}#${port}(${server}) (${answer.tcp ? "TCP" : "UDP"})\n` +
    `;; WHEN: ${whenText(process)}\n` +
    `;; MSG SIZE  rcvd: ${answer.size}\n\n`
  );
}

/** `Sat Nov 21 03:25:06 UTC 2026`. */
function whenText(process: Process): string {
  const date = new Date(Math.floor(process.host.unixTime()) * 1000);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${time} UTC ${date.getUTCFullYear()}`;
}
