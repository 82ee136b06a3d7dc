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
const LEVEL_WORDS: readonly (readonly [string, number])[] = [
  ["panic", 0],
  ["warning", 4],
  ...LEVELS.map((name, level): [string, number] => [name, level]).filter(([name]) => name !== "warn"),
];
const FLAGS = [
  ["log-tcp-sequence", 1],
  ["log-tcp-options", 2],
  ["log-ip-options", 4],
  ["log-uid", 8],
  ["log-macdecode", 32],
] as const;
/** The prefix holds 29 bytes; more is cut off. */
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
  const level = parseUnsigned(text, 7) ?? LEVEL_WORDS.find(([name]) => name === text)?.[1];
  if (level === undefined) throw new RuleError(`log level "${text}" unknown\n`);
  return level;
}

/** Cuts a prefix to what the kernel's field holds; a character cut in two stays a broken one. */
function cutPrefix(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= MAX_PREFIX ? text : new TextDecoder().decode(bytes.subarray(0, MAX_PREFIX));
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
    const word = optionNamed(given, "log-prefix");
    if (word?.words[0] === "") throw new RuleError("Argument must have a minimum length of 1 characters\n");
    const prefix = word?.words[0] ?? "";
    if (prefix.includes("\n")) throw new RuleError("LOG: Newlines not allowed in --log-prefix");
    const flags = FLAGS.filter(([name]) => optionNamed(given, name) !== null).reduce(
      (sum, [, bit]) => sum | bit,
      0,
    );
    const level = optionNamed(given, "log-level");
    return {
      target: "LOG",
      prefix: cutPrefix(prefix),
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
