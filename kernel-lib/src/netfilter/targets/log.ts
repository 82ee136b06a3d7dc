import type { Action, TargetExtension } from "../extension.js";
import { logLine } from "../log-line.js";
import type { Netfilter } from "../netfilter.js";
import { optionNamed, parseUnsigned, quoted, refuseRepeats } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { RuleError, type TargetValue } from "../rule.js";
import { CONTINUE } from "../verdict.js";

/** `-j LOG`: a line in the kernel's log; the packet goes on. */
export interface LogTarget extends TargetValue {
  readonly target: "LOG";
  readonly prefix: string;
  readonly level: number;
  /** NF_LOG_*: 1 TCP sequence, 2 TCP options, 4 IP options, 8 user id, 32 MAC decode. */
  readonly flags: number;
}

const LEVELS = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"] as const;
const LEVEL_WORDS: Readonly<Record<string, number>> = {
  panic: 0,
  emerg: 0,
  alert: 1,
  crit: 2,
  error: 3,
  err: 3,
  warn: 4,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};
const FLAGS = [
  ["log-tcp-sequence", 1],
  ["log-tcp-options", 2],
  ["log-ip-options", 4],
  ["log-uid", 8],
  ["log-macdecode", 32],
] as const;
/** The prefix holds 29 characters; more is cut off. */
const MAX_PREFIX = 29;

class LogAction implements Action {
  constructor(
    private readonly value: LogTarget,
    private readonly netfilter: Netfilter,
  ) {}

  run(view: PacketView): number {
    const { log, world } = this.netfilter;
    if (log !== null)
      log(logLine(view, this.value.prefix, this.value.flags), world.scheduler.now + view.packet.elapsed);
    return CONTINUE;
  }
}

function parseLevel(text: string): number {
  const number = parseUnsigned(text, 7);
  const level = number ?? LEVEL_WORDS[text.toLowerCase()];
  if (level === undefined) throw new RuleError(`log level "${text}" unknown\n`);
  return level;
}

export const logTarget: TargetExtension<LogTarget> = {
  name: "LOG",
  options: [
    { name: "log-level", words: 1 },
    { name: "log-prefix", words: 1 },
    ...FLAGS.map(([name]) => ({ name, words: 0 as const })),
  ],
  parse(given) {
    refuseRepeats("LOG", given);
    const prefix = optionNamed(given, "log-prefix")?.words[0] ?? "";
    if (prefix.includes("\n")) throw new RuleError("LOG: Newlines not allowed in --log-prefix");
    const flags = FLAGS.filter(([name]) => optionNamed(given, name) !== null).reduce(
      (sum, [, bit]) => sum | bit,
      0,
    );
    const level = optionNamed(given, "log-level");
    return {
      target: "LOG",
      prefix: prefix.slice(0, MAX_PREFIX),
      level: level === null ? 4 : parseLevel(level.words[0]!),
      flags,
    };
  },
  save({ prefix, level, flags }) {
    const words = FLAGS.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => ` --${name}`);
    return `${prefix === "" ? "" : ` --log-prefix ${quoted(prefix)}`}${level === 4 ? "" : ` --log-level ${level}`}${words.join("")}`;
  },
  list({ prefix, level, flags }, names) {
    const tail = prefix === "" ? "" : ` prefix "${prefix}"`;
    if (names === null) return ` LOG flags ${flags} level ${level}${tail}`;
    const words = FLAGS.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => ` ${name.slice(4)}`);
    return ` LOG level ${LEVELS[level]}${words.join("")}${tail}`;
  },
  compile: (value, netfilter) => new LogAction(value, netfilter),
};
