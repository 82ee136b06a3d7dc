import { tcp } from "../../wire/tcp.js";
import type { MatchExtension, ParseContext, Test } from "../extension.js";
import type { PacketView } from "../packet-view.js";
import { type PortRange, parsePort, portRangeText, portText } from "../ports.js";
import { IncompleteRule, type MatchValue, RuleError } from "../rule.js";
import { RuleRefused } from "../rule-refused.js";

/** `-m multiport`: up to 15 ports, a range counts as two. */
export interface MultiportMatch extends MatchValue {
  readonly match: "multiport";
  readonly side: "source" | "destination" | "either";
  readonly ports: readonly PortRange[];
  readonly negated: boolean;
}

const OPTION = { source: "sports", destination: "dports", either: "ports" } as const;
const SIDE = { "source-ports": "source", "destination-ports": "destination", ports: "either" } as const;
/** udp, tcp, dccp, sctp, udplite. */
const PROTOCOLS: readonly number[] = [6, 17, 33, 132, 136];

function parsePorts(text: string, context: ParseContext): readonly PortRange[] {
  const ports: PortRange[] = [];
  let slots = 0;
  for (const word of text.split(",")) {
    const [low = "", high] = word.split(":");
    slots += high === undefined ? 1 : 2;
    if (slots > 15) throw new RuleError("too many ports specified");
    const first = parsePort(low, context);
    const last = high === undefined ? first : parsePort(high, context);
    if (first >= last && high !== undefined) throw new RuleError("invalid portrange specified");
    ports.push({ first, last });
  }
  return ports;
}

function checkProtocol({ protocol, protocolNegated }: ParseContext): void {
  if (protocol === 0)
    throw new RuleError("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
  if (!PROTOCOLS.includes(protocol) || protocolNegated)
    throw new RuleError("multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP");
}

class MultiportTest implements Test {
  constructor(private readonly value: MultiportMatch) {}

  matches(view: PacketView): boolean {
    if (view.fragmentOffset !== 0) return false;
    if (view.end - view.transport < 4) return view.drop();
    const { side, ports, negated } = this.value;
    const source = tcp.sourcePort.get(view.bytes, view.transport);
    const destination = tcp.destinationPort.get(view.bytes, view.transport);
    for (const { first, last } of ports) {
      if (side !== "destination" && source >= first && source <= last) return !negated;
      if (side !== "source" && destination >= first && destination <= last) return !negated;
    }
    return negated;
  }
}

export const multiportMatch: MatchExtension<MultiportMatch> = {
  name: "multiport",
  options: [
    { name: "source-ports", aliases: ["sports"], words: 1, negatable: true },
    { name: "destination-ports", aliases: ["dports"], words: 1, negatable: true },
    { name: "ports", words: 1, negatable: true },
  ],
  parse(given, context) {
    if (given.length > 0) checkProtocol(context);
    const [option, ...more] = given;
    if (option === undefined) throw new IncompleteRule("multiport expection an option");
    if (more.length > 0)
      throw new IncompleteRule(
        `multiport: option "--${more[0]!.name}" cannot be used together with "--${option.name}".\n`,
      );
    return {
      match: "multiport",
      side: SIDE[option.name as keyof typeof SIDE],
      ports: parsePorts(option.words[0]!, context),
      negated: option.negated,
    };
  },
  save: ({ side, ports, negated }) =>
    `${negated ? " !" : ""} --${OPTION[side]} ${ports.map(portRangeText).join(",")}`,
  list({ side, ports, negated }, names, rule) {
    const text = ports.map(({ first, last }) =>
      first === last
        ? portText(first, rule.protocol, names)
        : `${portText(first, rule.protocol, names)}:${portText(last, rule.protocol, names)}`,
    );
    return ` multiport ${OPTION[side]} ${negated ? " !" : ""}${text.join(",")}`;
  },
  check: (_value, rule) =>
    PROTOCOLS.includes(rule.protocol) && !rule.protocolNegated ? null : new RuleRefused("EINVAL"),
  compile: (value) => new MultiportTest(value),
};
