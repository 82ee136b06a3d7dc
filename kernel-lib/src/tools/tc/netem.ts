import { type Chance, Netem, type NetemConfig } from "../../link/qdisc/netem.js";
import { matches, unsupported, Words } from "../ip/words.js";
import { ToolExit } from "../tool-exit.js";
import type { QdiscKind } from "./kind.js";
import {
  microsecondsOf,
  printPercent,
  printRate,
  printTime,
  readPercent,
  readRate,
  readSize,
  readTime,
  TICK,
  ticksOf,
} from "./units.js";
import { NETEM_USAGE } from "./usage.js";

const NEVER: Chance = { share: 0, correlation: 0 };

const UNSET: NetemConfig = {
  limit: 1000,
  delay: 0,
  jitter: 0,
  delayCorrelation: 0,
  loss: NEVER,
  duplicate: NEVER,
  corrupt: NEVER,
  reorder: NEVER,
  gap: 0,
  rate: 0,
  packetOverhead: 0,
  cellSize: 0,
  cellOverhead: 0,
};

type Draft = { -readonly [K in keyof NetemConfig]: NetemConfig[K] };

/** In the order in which tc compares a word with them; a beginning of one is enough. */
const WORDS: readonly (readonly [string, (words: Words, draft: Draft) => void])[] = [
  ["limit", readInto("limit", (words) => take(words, readSize, "limit"))],
  ["latency", readDelay],
  ["delay", readDelay],
  ["loss", readLoss],
  ["drop", readLoss],
  ["ecn", refuse("ecn")],
  ["reorder", readInto("reorder", (words) => chance(words, "reorder"))],
  ["corrupt", readInto("corrupt", (words) => chance(words, "corrupt"))],
  ["gap", readInto("gap", (words) => take(words, readSize, "gap"))],
  ["duplicate", readInto("duplicate", (words) => chance(words, "duplicate"))],
  ["distribution", refuse("distribution")],
  ["rate", readRates],
  ["slot", refuse("slot")],
  [
    "help",
    () => {
      throw new ToolExit(1, NETEM_USAGE);
    },
  ],
];

/** `netem` of iproute2 6.1 (q_netem.c). Distributions from tables, loss models with states, slots and ECN marks are refused. */
export const netem: QdiscKind<NetemConfig, Netem> = {
  name: "netem",
  parse(list) {
    const words = new Words(list);
    const draft: Draft = { ...UNSET };
    while (!words.done) {
      const word = words.next();
      const entry = WORDS.find(([name]) => matches(word, name));
      if (entry === undefined) throw new ToolExit(1, `What is "${word}"?\n${NETEM_USAGE}`);
      entry[1](words, draft);
    }
    if (draft.reorder.share > 0) {
      if (draft.delay === 0)
        throw new ToolExit(1, `reordering not possible without specifying some delay\n${NETEM_USAGE}`);
      if (draft.gap === 0) draft.gap = 1;
    } else if (draft.gap > 0)
      throw new ToolExit(1, `gap specified without reorder probability\n${NETEM_USAGE}`);
    return draft;
  },
  create: (device, handle, config) => new Netem(device, handle, config),
  /** What is sent to the kernel in attributes of its own stays when it is not given (netem_change). */
  change(qdisc, config) {
    const { corrupt, rate, packetOverhead, cellSize, cellOverhead } = qdisc.config;
    const kept = config.rate === 0 ? { rate, packetOverhead, cellSize, cellOverhead } : {};
    qdisc.config = { ...config, ...kept, corrupt: config.corrupt.share === 0 ? corrupt : config.corrupt };
  },
  isOwn: (qdisc): qdisc is Netem => qdisc instanceof Netem,
  print({ config }) {
    const { delay, jitter, delayCorrelation, loss, duplicate, reorder, corrupt, rate, gap } = config;
    let text = `limit ${config.limit}`;
    if (delay > 0) {
      text += ` delay ${printTicks(delay)}`;
      if (jitter > 0) text += `  ${printTicks(jitter)}${ifSome(delayCorrelation)}`;
    }
    text += printChance("loss", loss);
    if (duplicate.share > 0) text += ` duplicate ${printPercent(duplicate.share)}`;
    text += printChance("reorder", reorder) + printChance("corrupt", corrupt);
    if (rate > 0) {
      text += ` rate ${printRate(rate)}`;
      if (config.packetOverhead > 0) text += ` packetoverhead ${config.packetOverhead}`;
      if (config.cellSize > 0) text += ` cellsize ${config.cellSize}`;
      if (config.cellOverhead > 0) text += ` celloverhead ${config.cellOverhead}`;
    }
    return gap > 0 ? `${text} gap ${gap}` : text;
  },
};

function illegal(what: string): ToolExit {
  return new ToolExit(1, `Illegal "${what}"\n`);
}

function take(words: Words, read: (text: string) => number | null, what: string): number {
  const value = read(words.next());
  if (value === null) throw illegal(what);
  return value;
}

function readInto<K extends keyof Draft>(
  name: K,
  read: (words: Words) => Draft[K],
): (words: Words, draft: Draft) => void {
  return (words, draft) => {
    draft[name] = read(words);
  };
}

function refuse(what: string): () => never {
  return () => {
    throw unsupported(`netem "${what}"`, "tc");
  };
}

/** The next word begins as a number does (NEXT_IS_NUMBER). */
function numberFollows(words: Words): boolean {
  return /^\d/.test(words.peek);
}

function readDelay(words: Words, draft: Draft): void {
  draft.delay = ticks(words, "latency");
  if (!numberFollows(words)) return;
  draft.jitter = ticks(words, "latency");
  if (numberFollows(words)) draft.delayCorrelation = take(words, readPercent, "latency");
}

/** A time as the kernel holds it: in ticks. */
function ticks(words: Words, what: string): number {
  const time = take(words, readTime, what);
  const count = ticksOf(time);
  if (count === null) throw new ToolExit(1, `Illegal ${time} time (too large)\nIllegal "${what}"\n`);
  return count * TICK;
}

function readLoss(words: Words, draft: Draft): void {
  const model = words.peek;
  if (model === "state" || model === "gemodel") throw unsupported(`netem loss model "${model}"`, "tc");
  if (model === "random") words.next();
  else if (model !== "" && !/^\d/.test(model)) throw new ToolExit(1, `Unknown loss parameter: ${model}\n`);
  draft.loss = chance(words, "loss percent");
}

function chance(words: Words, what: string): Chance {
  const share = take(words, readPercent, what);
  return { share, correlation: numberFollows(words) ? take(words, readPercent, what) : 0 };
}

function readRates(words: Words, draft: Draft): void {
  draft.rate = take(words, readRate, "rate");
  for (const name of ["packetOverhead", "cellSize", "cellOverhead"] as const)
    if (numberFollows(words)) draft[name] = take(words, readSize, "rate");
}

function printTicks(time: number): string {
  return printTime(microsecondsOf(time / TICK));
}

function ifSome(share: number): string {
  return share === 0 ? "" : ` ${printPercent(share)}`;
}

function printChance(name: string, { share, correlation }: Chance): string {
  return share === 0 ? "" : ` ${name} ${printPercent(share)}${ifSome(correlation)}`;
}
