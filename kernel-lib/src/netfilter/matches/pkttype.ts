import type { MatchExtension, Test } from "../extension.js";
import { refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { type MatchValue, RuleError } from "../rule.js";

const TYPES = ["unicast", "broadcast", "multicast"] as const;

/** `-m pkttype --pkt-type`: how the frame was addressed. */
export interface PkttypeMatch extends MatchValue {
  readonly match: "pkttype";
  readonly type: (typeof TYPES)[number];
  readonly negated: boolean;
}

class PkttypeTest implements Test {
  constructor(private readonly value: PkttypeMatch) {}

  matches(view: PacketView): boolean {
    const { type } = view.packet;
    const seen = type === "broadcast" || type === "multicast" ? type : "unicast";
    return (seen === this.value.type) !== this.value.negated;
  }
}

export const pkttypeMatch: MatchExtension<PkttypeMatch> = {
  name: "pkttype",
  options: [{ name: "pkt-type", words: 1, negatable: true }],
  parse(given) {
    refuseRepeats("pkttype", given);
    const { words, negated } = required("pkttype", given, "pkt-type");
    const word = words[0]!.toLowerCase();
    const type = word === "host" ? "unicast" : TYPES.find((one) => one === word);
    if (type === undefined) throw new RuleError(`Bad packet type '${words[0]}'`);
    return { match: "pkttype", type, negated };
  },
  save: ({ type, negated }) => `${negated ? " !" : ""} --pkt-type ${type}`,
  list: ({ type, negated }) => ` PKTTYPE ${negated ? "!=" : "="} ${type}`,
  compile: (value) => new PkttypeTest(value),
};
