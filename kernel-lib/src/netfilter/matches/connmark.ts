import { connectionOf } from "../conntrack/connection.js";
import type { MatchExtension, Test } from "../extension.js";
import { markText, parseMark, refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import type { MatchValue } from "../rule.js";

/** `-m connmark --mark VALUE/MASK`: the mark of the packet's connection. */
export interface ConnmarkMatch extends MatchValue {
  readonly match: "connmark";
  readonly value: number;
  readonly mask: number;
  readonly negated: boolean;
}

class ConnmarkTest implements Test {
  constructor(private readonly value: ConnmarkMatch) {}

  matches(view: PacketView): boolean {
    const connection = connectionOf(view.packet);
    if (connection === null) return false;
    const { value, mask, negated } = this.value;
    return ((connection.mark & mask) >>> 0 === value) !== negated;
  }
}

export const connmarkMatch: MatchExtension<ConnmarkMatch> = {
  name: "connmark",
  options: [{ name: "mark", words: 1, negatable: true }],
  parse(given) {
    refuseRepeats("connmark", given);
    const { words, negated } = required("connmark", given, "mark");
    return { match: "connmark", ...parseMark("connmark", "mark", words[0]!), negated };
  },
  save: ({ value, mask, negated }) => `${negated ? " !" : ""} --mark ${markText(value, mask)}`,
  list: ({ value, mask, negated }) => ` connmark match ${negated ? "!" : ""} ${markText(value, mask)}`,
  needsConntrack: true,
  compile: (value) => new ConnmarkTest(value),
};
