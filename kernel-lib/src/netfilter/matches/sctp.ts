import { udp } from "../../wire/udp.js";
import type { MatchExtension, NameSource, Test } from "../extension.js";
import type { PacketView } from "../packet-view.js";
import { parsePortRange, portRangeText, portText } from "../ports.js";
import { IPPROTO_SCTP } from "../protocols.js";
import { type MatchValue, RuleError } from "../rule.js";
import { inside, type PortTerm } from "./tcp.js";

/** `-m sctp`: ports, which stand where UDP's do (xt_sctp.c). Chunk types are refused. */
export interface SctpMatch extends MatchValue {
  readonly match: "sctp";
  readonly source: PortTerm | null;
  readonly destination: PortTerm | null;
}

/** Bytes of an SCTP common header. */
const HEADER = 12;

class SctpTest implements Test {
  constructor(private readonly value: SctpMatch) {}

  matches(view: PacketView): boolean {
    if (view.fragmentOffset !== 0 || view.protocol !== IPPROTO_SCTP) return false;
    const { bytes, transport, end } = view;
    if (end - transport < HEADER) return view.drop();
    const { source, destination } = this.value;
    if (source !== null && !inside(source, udp.sourcePort.get(bytes, transport))) return false;
    return destination === null || inside(destination, udp.destinationPort.get(bytes, transport));
  }
}

function save(option: string, term: PortTerm | null): string {
  return term === null ? "" : `${term.negated ? " !" : ""} --${option} ${portRangeText(term)}`;
}

function list(label: string, term: PortTerm | null, names: NameSource | null): string {
  if (term === null) return "";
  const port = (number: number) => portText(number, IPPROTO_SCTP, names);
  const not = term.negated ? "!" : "";
  if (term.first === term.last) return ` ${label}:${not}${port(term.first)}`;
  return ` ${label}s:${not}${port(term.first)}:${port(term.last)}`;
}

export const sctpMatch: MatchExtension<SctpMatch> = {
  name: "sctp",
  options: [
    { name: "source-port", aliases: ["sport"], words: 1, negatable: true },
    { name: "destination-port", aliases: ["dport"], words: 1, negatable: true },
    { name: "chunk-types", words: 2, negatable: true },
  ],
  ownChecks: true,
  parse(given, context) {
    let source: PortTerm | null = null;
    let destination: PortTerm | null = null;
    for (const { name, words, negated } of given) {
      if (name === "chunk-types") throw new RuleError("sctp's --chunk-types is not supported here");
      if ((name === "source-port" ? source : destination) !== null)
        throw new RuleError(`Only one \`--${name}' allowed`);
      const term = { ...parsePortRange(words[0]!, context), negated };
      if (name === "source-port") source = term;
      else destination = term;
    }
    return { match: "sctp", source, destination };
  },
  save: ({ source, destination }) => save("sport", source) + save("dport", destination),
  list: ({ source, destination }, names) =>
    ` sctp${list("spt", source, names)}${list("dpt", destination, names)}`,
  place: { protocol: IPPROTO_SCTP },
  compile: (value) => new SctpTest(value),
};
