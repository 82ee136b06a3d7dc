import type { MatchExtension, Test } from "../extension.js";
import { markText, parseMark, refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import type { MatchValue } from "../rule.js";

/** `-m mark --mark VALUE/MASK`: the packet's fwmark. */
export interface MarkMatch extends MatchValue {
  readonly match: "mark";
  readonly value: number;
  readonly mask: number;
  readonly negated: boolean;
}

class MarkTest implements Test {
  constructor(private readonly value: MarkMatch) {}

  matches(view: PacketView): boolean {
    const { value, mask, negated } = this.value;
    return ((view.packet.mark & mask) >>> 0 === value) !== negated;
  }
}

export const markMatch: MatchExtension<MarkMatch> = {
  name: "mark",
  options: [{ name: "mark", words: 1, negatable: true }],
  parse(given) {
    refuseRepeats("mark", given);
    const { words, negated } = required("mark", given, "mark");
    return { match: "mark", ...parseMark("mark", "mark", words[0]!), negated };
  },
  save: ({ value, mask, negated }) => `${negated ? " !" : ""} --mark ${markText(value, mask)}`,
  list: ({ value, mask, negated }) => ` mark match${negated ? " !" : ""} ${markText(value, mask)}`,
  compile: (value) => new MarkTest(value),
};
