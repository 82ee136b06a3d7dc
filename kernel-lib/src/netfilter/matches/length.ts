import type { MatchExtension, Test } from "../extension.js";
import { parseNumberPair, refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { type PortRange, portRangeText } from "../ports.js";
import type { MatchValue } from "../rule.js";

/** `-m length --length`: bytes of the IPv4 packet, header included. */
export interface LengthMatch extends MatchValue, PortRange {
  readonly match: "length";
  readonly negated: boolean;
}

class LengthTest implements Test {
  constructor(private readonly value: LengthMatch) {}

  matches(view: PacketView): boolean {
    return (view.length >= this.value.first && view.length <= this.value.last) !== this.value.negated;
  }
}

export const lengthMatch: MatchExtension<LengthMatch> = {
  name: "length",
  options: [{ name: "length", words: 1, negatable: true }],
  parse(given) {
    refuseRepeats("length", given);
    const { words, negated } = required("length", given, "length");
    return { match: "length", ...parseNumberPair("length", "length", words[0]!, 0xffff), negated };
  },
  save: (value) => `${value.negated ? " !" : ""} --length ${portRangeText(value)}`,
  list: (value) => ` length ${value.negated ? "!" : ""}${portRangeText(value)}`,
  compile: (value) => new LengthTest(value),
};
