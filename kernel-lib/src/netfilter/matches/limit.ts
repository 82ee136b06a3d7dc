import type { Scheduler } from "../../sim/scheduler.js";
import type { MatchExtension, Test } from "../extension.js";
import { optionNamed, parseUnsigned, refuseRepeats } from "../options.js";
import { type MatchValue, RuleError } from "../rule.js";
import { RuleRefused } from "../rule-refused.js";

/** `-m limit`: a token bucket (xt_limit.c). `average` is the time of one token in units of 0.1 ms, as the kernel keeps it. */
export interface LimitMatch extends MatchValue {
  readonly match: "limit";
  readonly average: number;
  readonly burst: number;
}

/** XT_LIMIT_SCALE: units of a second. */
const SCALE = 10_000;
const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["day", 86_400],
  ["hour", 3600],
  ["min", 60],
  ["sec", 1],
];

function parseRate(text: string): number {
  const [count = "", unit = "second"] = text.split("/");
  const rate = parseUnsigned(count);
  const word = unit.toLowerCase();
  const seconds =
    word !== "" && "second".startsWith(word)
      ? 1
      : word !== "" && "minute".startsWith(word)
        ? 60
        : word !== "" && "hour".startsWith(word)
          ? 3600
          : word !== "" && "day".startsWith(word)
            ? 86_400
            : null;
  if (rate === null || rate === 0 || seconds === null) throw new RuleError(`bad rate "${text}"'`);
  if (rate / seconds > SCALE) throw new RuleError(`Rate too fast "${text}"`);
  return Math.floor((SCALE * seconds) / rate);
}

/** The unit of print_rate: from the largest down while the rate would be below one or rounded too much. */
function rateText(average: number): string {
  let i = 1;
  for (; i < UNITS.length; i++) {
    const unit = UNITS[i]![1] * SCALE;
    if (average > unit || Math.floor(unit / average) < unit % average) break;
  }
  const [name, seconds] = UNITS[i - 1]!;
  return `${Math.floor((seconds * SCALE) / average)}/${name}`;
}

/** A second is worth so many (HZ * CREDITS_PER_JIFFY, at 250 or 1000 ticks a second). */
const CREDITS_PER_SECOND = 32_000;

/** user2credits: the kernel's tokens, of which 32 bits must hold a whole burst. */
function credits(units: number): number {
  const value =
    units > Math.floor(0xffffffff / CREDITS_PER_SECOND)
      ? Math.floor(units / SCALE) * CREDITS_PER_SECOND
      : Math.floor((units * CREDITS_PER_SECOND) / SCALE);
  return value % 2 ** 32;
}

class LimitTest implements Test {
  private credit: number;
  private last: number;
  private readonly cost: number;
  private readonly cap: number;

  constructor(
    { average, burst }: LimitMatch,
    private readonly scheduler: Scheduler,
  ) {
    this.cost = credits(average);
    this.cap = credits(Math.imul(average, burst) >>> 0);
    this.credit = this.cap;
    this.last = scheduler.now;
  }

  matches(): boolean {
    const { now } = this.scheduler;
    this.credit = Math.min(this.cap, this.credit + ((now - this.last) * CREDITS_PER_SECOND) / 1e9);
    this.last = now;
    if (this.credit < this.cost) return false;
    this.credit -= this.cost;
    return true;
  }
}

export const limitMatch: MatchExtension<LimitMatch> = {
  name: "limit",
  options: [
    { name: "limit", words: 1 },
    { name: "limit-burst", words: 1 },
  ],
  parse(given) {
    refuseRepeats("limit", given);
    const rate = optionNamed(given, "limit");
    const burstText = optionNamed(given, "limit-burst")?.words[0] ?? "5";
    const burst = parseUnsigned(burstText, 10_000);
    if (burst === null)
      throw new RuleError('limit: bad value for option "--limit-burst", or out of range (0-10000).\n');
    return { match: "limit", average: parseRate(rate?.words[0] ?? "3/hour"), burst };
  },
  save: ({ average, burst }) =>
    ` --limit ${rateText(average)}${burst === 5 ? "" : ` --limit-burst ${burst}`}`,
  list: ({ average, burst }) => ` limit: avg ${rateText(average)} burst ${burst}`,
  check: ({ average, burst }) =>
    burst === 0 || credits(Math.imul(average, burst) >>> 0) < credits(average)
      ? new RuleRefused("ERANGE", `xt_limit: Overflow, try lower: ${average}/${burst}`)
      : null,
  compile: (value, netfilter) => new LimitTest(value, netfilter.world.scheduler),
};
