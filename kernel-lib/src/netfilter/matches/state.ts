import type { MatchExtension, Test } from "../extension.js";
import { refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { type MatchValue, RuleError } from "../rule.js";
import { parseSet, setText } from "./conntrack.js";
import { stateBits } from "./conntrack-test.js";

/** `-m state --state`: the older form of `-m conntrack --ctstate`. */
export interface StateMatch extends MatchValue {
  readonly match: "state";
  readonly bits: number;
  readonly negated: boolean;
}

/** In the order in which they are printed. */
const BITS = { INVALID: 1, NEW: 2, RELATED: 4, ESTABLISHED: 8, UNTRACKED: 16 } as const;

class StateTest implements Test {
  constructor(private readonly value: StateMatch) {}

  matches(view: PacketView): boolean {
    return ((stateBits(view, false) & this.value.bits) !== 0) !== this.value.negated;
  }
}

export const stateMatch: MatchExtension<StateMatch> = {
  name: "state",
  options: [{ name: "state", words: 1, negatable: true }],
  parse(given) {
    refuseRepeats("state", given);
    const { words, negated } = required("state", given, "state");
    if (/(^|,)$/.test(words[0]!))
      throw new RuleError('"--state" requires a list of states with no spaces, e.g. ESTABLISHED,RELATED');
    return { match: "state", bits: parseSet(words[0]!, BITS, "state"), negated };
  },
  save: ({ bits, negated }) => `${negated ? " !" : ""} --state ${setText(bits, BITS)}`,
  list: ({ bits, negated }) => `${negated ? " !" : ""} state ${setText(bits, BITS)}`,
  needsConntrack: true,
  compile: (value) => new StateTest(value),
};
