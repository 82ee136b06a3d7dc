import { Tbf, type TbfConfig } from "../../link/qdisc/tbf.js";
import { matches, unsupported, Words } from "../ip/words.js";
import { ToolExit } from "../tool-exit.js";
import type { QdiscKind } from "./kind.js";
import {
  microsecondsOf,
  printRate,
  printSize,
  printTime,
  readRate,
  readSize,
  readTime,
  TICK,
  transmissionTicks,
} from "./units.js";
import { TBF_USAGE } from "./usage.js";

const REFUSED = ["mtu", "minburst", "mpu", "peakrate", "overhead", "linklayer"];

interface Given {
  rate?: number;
  burst?: number;
  limit?: number;
  latency?: number;
}

/** `tbf` of iproute2 6.1 (q_tbf.c) with rate, burst and latency or limit. A peak rate, an overhead and link layers are refused. */
export const tbf: QdiscKind<TbfConfig, Tbf> = {
  name: "tbf",
  parse(list) {
    const { rate = 0, burst = 0, limit, latency = 0 } = readWords(new Words(list));
    const missing = [
      ...(rate === 0 ? ['tbf: the "rate" parameter is mandatory.\n'] : []),
      ...(burst === 0 ? ['tbf: the "burst" parameter is mandatory.\n'] : []),
      ...(limit === undefined && latency === 0 ? ['tbf: either "limit" or "latency" is required.\n'] : []),
    ];
    if (missing.length > 0) throw new ToolExit(1, missing.join("") + TBF_USAGE);
    const buffer = transmissionTicks(burst, rate) * TICK;
    return { rate, buffer, limit: limit ?? Math.floor((rate * latency) / 1e6 + burst) };
  },
  create: (device, handle, config) => new Tbf(device, handle, config),
  change(qdisc, config) {
    qdisc.config = config;
  },
  isOwn: (qdisc): qdisc is Tbf => qdisc instanceof Tbf,
  print({ config: { rate, buffer, limit } }) {
    const microseconds = microsecondsOf(buffer / TICK);
    const burst = Math.floor((rate * microseconds) / 1e6);
    const latency = Math.max(0, Math.trunc((limit / rate) * 1e6 - microseconds));
    return `rate ${printRate(rate)} burst ${printSize(burst)} lat ${printTime(latency)} `;
  },
};

function readWords(words: Words): Given {
  const given: Given = {};
  const set = (name: keyof Given, shown: string, read: (text: string) => number | null) => {
    const text = words.next();
    if (given[name] !== undefined) throw new ToolExit(1, `tbf: duplicate "${shown}" specification\n`);
    const value = read(text);
    if (value === null) throw new ToolExit(1, `tbf: illegal value for "${name}": "${text}"\n`);
    given[name] = value;
    if (given.limit !== undefined && given.latency !== undefined)
      throw new ToolExit(1, 'tbf: specifying both "latency" and "limit" is not allowed\n');
  };
  while (!words.done) {
    const word = words.next();
    if (matches(word, "limit")) set("limit", "limit", readSize);
    else if (matches(word, "latency")) set("latency", "latency", readTime);
    else if (["burst", "buffer", "maxburst"].includes(word)) set("burst", "buffer/burst/maxburst", readSize);
    else if (word === "rate") set("rate", "rate", readRate);
    else if (REFUSED.includes(word)) throw unsupported(`tbf "${word}"`, "tc");
    else if (word === "help") throw new ToolExit(1, TBF_USAGE);
    else throw new ToolExit(1, `tbf: unknown parameter "${word}"\n${TBF_USAGE}`);
  }
  return given;
}
