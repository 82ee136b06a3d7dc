import { TCP_LENGTH, tcp, tcpHeaderLength } from "../../wire/tcp.js";
import type { MatchExtension, NameSource, Test } from "../extension.js";
import { parseUnsigned } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { type PortRange, parsePortRange, portRangeText, portText } from "../ports.js";
import { type MatchValue, RuleError } from "../rule.js";

export interface PortTerm extends PortRange {
  readonly negated: boolean;
}

interface FlagsTerm {
  readonly mask: number;
  readonly set: number;
  readonly negated: boolean;
}

/** `-m tcp`: ports, flags and one option (xt_tcpudp.c). */
export interface TcpMatch extends MatchValue {
  readonly match: "tcp";
  readonly source: PortTerm | null;
  readonly destination: PortTerm | null;
  readonly flags: FlagsTerm | null;
  readonly option: { readonly number: number; readonly negated: boolean } | null;
}

const FLAGS: readonly (readonly [string, number])[] = [
  ["FIN", 0x01],
  ["SYN", 0x02],
  ["RST", 0x04],
  ["PSH", 0x08],
  ["ACK", 0x10],
  ["URG", 0x20],
];

function parseFlags(text: string): number {
  let bits = 0;
  for (const word of text.split(/[, ]/)) {
    if (word === "") continue;
    const upper = word.toUpperCase();
    const flag = FLAGS.find(([name]) => name === upper);
    if (flag !== undefined) bits |= flag[1];
    else if (upper === "ALL") bits |= 0x3f;
    else if (upper !== "NONE") throw new RuleError(`Unknown TCP flag \`${word}'`);
  }
  return bits;
}

function flagNames(bits: number): string {
  const names = FLAGS.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name);
  return names.length === 0 ? "NONE" : names.join(",");
}

/** No flag is looked at: not printed. */
function isNoFlags({ mask, negated }: FlagsTerm): boolean {
  return mask === 0 && !negated;
}

/** All ports: not printed, even when it is negated and so never matches. */
function isAll({ first, last }: PortTerm): boolean {
  return first === 0 && last === 65535;
}

/** ` --dport 80`, ` ! --sport 1:5`. */
export function savePort(option: string, term: PortTerm | null): string {
  return term === null || isAll(term) ? "" : `${term.negated ? " !" : ""} --${option} ${portRangeText(term)}`;
}

/** ` dpt:80`, ` spts:!1:5`; the separator is `:`. */
export function listPort(
  label: string,
  term: PortTerm | null,
  protocol: number,
  names: NameSource | null,
): string {
  if (term === null || (isAll(term) && !term.negated)) return "";
  const negated = term.negated ? "!" : "";
  if (term.first === term.last) return ` ${label}:${negated}${portText(term.first, protocol, names)}`;
  return ` ${label}s:${negated}${portText(term.first, protocol, names)}:${portText(term.last, protocol, names)}`;
}

class TcpTest implements Test {
  constructor(private readonly value: TcpMatch) {}

  matches(view: PacketView): boolean {
    // A fragment that begins within the header is an old way around filters.
    if (view.fragmentOffset !== 0) return view.fragmentOffset === 1 ? view.drop() : false;
    if (view.protocol !== 6) return false;
    const { bytes, transport, end } = view;
    if (end - transport < TCP_LENGTH) return view.drop();
    const { source, destination, flags, option } = this.value;
    if (source !== null && !inside(source, tcp.sourcePort.get(bytes, transport))) return false;
    if (destination !== null && !inside(destination, tcp.destinationPort.get(bytes, transport))) return false;
    if (flags !== null && ((tcp.flags.get(bytes, transport) & flags.mask) === flags.set) === flags.negated)
      return false;
    return option === null || hasOption(view, option.number) !== option.negated;
  }
}

export function inside(term: PortTerm, port: number): boolean {
  return (port >= term.first && port <= term.last) !== term.negated;
}

function hasOption(view: PacketView, number: number): boolean {
  const { bytes, transport } = view;
  const end = Math.min(transport + tcpHeaderLength(bytes, transport), view.end);
  for (let at = transport + TCP_LENGTH; at < end; ) {
    if (bytes[at] === number) return true;
    at += bytes[at]! < 2 ? 1 : bytes[at + 1] || 1;
  }
  return false;
}

export const tcpMatch: MatchExtension<TcpMatch> = {
  name: "tcp",
  options: [
    { name: "source-port", aliases: ["sport"], words: 1, negatable: true },
    { name: "destination-port", aliases: ["dport"], words: 1, negatable: true },
    { name: "syn", words: 0, negatable: true },
    { name: "tcp-flags", words: 2, negatable: true },
    { name: "tcp-option", words: 1, negatable: true },
  ],
  ownChecks: true,
  parse(given, context) {
    let source: PortTerm | null = null;
    let destination: PortTerm | null = null;
    let flags: FlagsTerm | null = null;
    let option: TcpMatch["option"] = null;
    for (const { name, words, negated } of given) {
      if (name === "source-port") {
        if (source !== null) throw new RuleError("Only one `--source-port' allowed");
        source = { ...parsePortRange(words[0]!, context), negated };
      } else if (name === "destination-port") {
        if (destination !== null) throw new RuleError("Only one `--destination-port' allowed");
        destination = { ...parsePortRange(words[0]!, context), negated };
      } else if (name === "tcp-option") {
        if (option !== null) throw new RuleError("Only one `--tcp-option' allowed");
        const number = parseUnsigned(words[0]!, 255);
        if (number === null || number === 0) throw new RuleError(`Bad TCP option "${words[0]}"`);
        option = { number, negated };
      } else {
        if (flags !== null) throw new RuleError("Only one of `--syn' or `--tcp-flags'  allowed");
        if (name === "syn") flags = { mask: 0x17, set: 0x02, negated };
        else {
          if (words.length < 2) throw new RuleError("--tcp-flags requires two args.");
          flags = { mask: parseFlags(words[0]!), set: parseFlags(words[1]!), negated };
        }
      }
    }
    return { match: "tcp", source, destination, flags, option };
  },
  save({ source, destination, flags, option }) {
    const optionText = option === null ? "" : `${option.negated ? " !" : ""} --tcp-option ${option.number}`;
    const flagsText =
      flags === null || isNoFlags(flags)
        ? ""
        : `${flags.negated ? " !" : ""} --tcp-flags ${flagNames(flags.mask)} ${flagNames(flags.set)}`;
    return savePort("sport", source) + savePort("dport", destination) + optionText + flagsText;
  },
  list({ source, destination, flags, option }, names) {
    const two = (bits: number) => `0x${bits.toString(16).padStart(2, "0").toUpperCase()}`;
    const bits = (value: number) => (names === null ? two(value) : flagNames(value));
    const optionText = option === null ? "" : ` option=${option.negated ? "!" : ""}${option.number}`;
    const flagsText =
      flags === null || isNoFlags(flags)
        ? ""
        : ` flags:${flags.negated ? "!" : ""}${bits(flags.mask)}/${bits(flags.set)}`;
    return ` tcp${listPort("spt", source, 6, names)}${listPort("dpt", destination, 6, names)}${optionText}${flagsText}`;
  },
  place: { protocol: 6 },
  compile: (value) => new TcpTest(value),
};
