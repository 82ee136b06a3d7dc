import type { Random } from "../../sim/random.js";
import type { GivenOption, MatchExtension, Test } from "../extension.js";
import { exclusive, optionNamed, parseNumber, refuseRepeats } from "../options.js";
import { IncompleteRule, type MatchValue, RuleError } from "../rule.js";

/** `-m statistic`: some packets of all (xt_statistic.c). `probability` is in units of 2⁻³¹. */
export interface StatisticMatch extends MatchValue {
  readonly match: "statistic";
  readonly mode: "random" | "nth";
  readonly probability: number;
  readonly every: number;
  readonly packet: number;
  readonly negated: boolean;
}

class NthTest implements Test {
  private count: number;

  constructor(private readonly value: StatisticMatch) {
    this.count = value.every - 1 - value.packet;
  }

  matches(): boolean {
    const hit = this.count === this.value.every - 1;
    this.count = hit ? 0 : this.count + 1;
    return hit !== this.value.negated;
  }
}

class RandomTest implements Test {
  constructor(
    private readonly value: StatisticMatch,
    private readonly random: Random,
  ) {}

  matches(): boolean {
    return (this.random.uint32() & 0x7fffffff) < this.value.probability !== this.value.negated;
  }
}

export const statisticMatch: MatchExtension<StatisticMatch> = {
  name: "statistic",
  options: [
    { name: "mode", words: 1 },
    { name: "probability", words: 1, negatable: true },
    { name: "every", words: 1, negatable: true },
    { name: "packet", words: 1 },
  ],
  parse(given) {
    refuseRepeats("statistic", given);
    const mode = optionNamed(given, "mode")?.words[0] ?? "random";
    if (mode !== "random" && mode !== "nth") throw new RuleError(`Bad mode "${mode}"`);
    const probability = optionNamed(given, "probability");
    const every = optionNamed(given, "every");
    const packet = optionNamed(given, "packet");
    const share = probability === null ? 0 : Number(probability.words[0]);
    if (!(share >= 0 && share <= 1))
      throw new RuleError('statistic: bad value for option "--probability", or out of range (0-1).\n');
    const number = (option: GivenOption | null, min: number) =>
      option === null ? min : parseNumber("statistic", option.name, option.words[0]!, min, 0xffffffff);
    const nth = number(every, 1);
    const first = number(packet, 0);
    if (mode === "random" && probability === null)
      throw new IncompleteRule("--probability must be specified when using random mode");
    if (mode === "nth" && every === null && packet === null)
      throw new IncompleteRule("--every and --packet must be specified when using nth mode");
    if (mode === "nth" && first >= nth) throw new IncompleteRule("the --packet p must be 0 <= p <= n-1");
    if (probability !== null && every !== null) throw exclusive("statistic", "probability", "every");
    if (probability !== null && packet !== null) throw exclusive("statistic", "probability", "packet");
    if (every !== null && packet === null)
      throw new IncompleteRule('statistic: option "--every" also requires "--packet".\n');
    if (packet !== null && every === null)
      throw new IncompleteRule('statistic: option "--packet" also requires "--every".\n');
    const negated = (probability ?? every)!.negated;
    return {
      match: "statistic",
      mode,
      probability: Math.round(share * 0x80000000),
      every: nth,
      packet: first,
      negated,
    };
  },
  save: (value) => ` --mode ${value.mode}${terms(value, "--")}`,
  list: (value) => ` statistic mode ${value.mode}${terms(value, "")}`,
  compile: (value, netfilter) =>
    value.mode === "nth" ? new NthTest(value) : new RandomTest(value, netfilter.random.fork("statistic")),
};

function terms({ mode, probability, every, packet, negated }: StatisticMatch, prefix: string): string {
  const not = negated ? " !" : "";
  if (mode === "random") return `${not} ${prefix}probability ${(probability / 0x80000000).toFixed(11)}`;
  return `${not} ${prefix}every ${every}${packet === 0 && prefix === "" ? "" : ` ${prefix}packet ${packet}`}`;
}
