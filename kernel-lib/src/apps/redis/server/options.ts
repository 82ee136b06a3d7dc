import { KernelError } from "../../../base/errno.js";
import type { FileView } from "../../../host/files.js";
import { byteText } from "../byte-text.js";
import { SETTING_ALIASES, SETTINGS } from "../config-table.js";
import { BadSetting, readSetting, settingSpec } from "../config-values.js";
import { splitArguments } from "../split-arguments.js";

/** What `redis-server` was told to do. */
export interface ServerOptions {
  readonly settings: Readonly<Record<string, string>>;
  /** Absolute path of the configuration file, or null. */
  readonly file: string | null;
  /** Something was given: a file or options. */
  readonly configured: boolean;
}

/** A mistake in the configuration: all that the server says before it ends. */
export class FatalConfig extends Error {}

/** Settings of several words that may stand more than once. */
const REPEATED = new Set(["save"]);

/** Reads the file, then the options after it, as one text (Redis 7.0, server.c main and config.c loadServerConfigFromString). Throws {@link FatalConfig}. */
export function readServerOptions(files: FileView, words: readonly string[]): ServerOptions {
  const [first] = words;
  const file = first === undefined || first.startsWith("--") ? null : first;
  const lines: { readonly text: string; readonly words: readonly string[] }[] = [];
  if (file !== null) {
    for (const text of readFile(files, file).split("\n")) {
      const trimmed = text.trim();
      if (trimmed === "" || trimmed.startsWith("#")) {
        lines.push({ text: trimmed, words: [] });
        continue;
      }
      const split = splitArguments(trimmed);
      if (split === null) throw fatal(lines.length + 1, trimmed, "Unbalanced quotes in configuration line");
      lines.push({ text: trimmed, words: split });
    }
  }
  // Options stand in the text behind a line break, also where there is no file before it.
  if (file === null) lines.push({ text: "", words: [] });
  for (const line of optionLines(words.slice(file === null ? 0 : 1))) lines.push(line);
  return {
    settings: readLines(lines),
    file: file === null ? null : files.absolute(file),
    configured: words.length > 0,
  };
}

function readFile(files: FileView, file: string): string {
  try {
    return byteText(files.readBytes(file));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new FatalConfig(
      `Fatal error, can't open config file '${files.absolute(file)}': ${error.message}\n`,
    );
  }
}

/** `--save 60 1 --port 7000` as lines of a file. */
function optionLines(words: readonly string[]): { text: string; words: string[] }[] {
  const lines: { text: string; words: string[] }[] = [];
  for (const word of words) {
    if (word.startsWith("--")) lines.push({ text: word.slice(2), words: [word.slice(2)] });
    else {
      const line = lines.at(-1)!;
      line.words.push(word);
      line.text += ` "${word}"`;
    }
  }
  return lines;
}

function readLines(lines: readonly { readonly text: string; readonly words: readonly string[] }[]) {
  const settings: Record<string, string> = {};
  lines.forEach(({ text, words }, i) => {
    const [name, ...values] = words;
    if (name === undefined) return;
    const spec = settingSpec(name);
    if (spec === undefined) throw fatal(i + 1, text, "Bad directive or wrong number of arguments");
    if (values.length === 0) throw fatal(i + 1, text, "wrong number of arguments");
    const value = values.join(" ");
    try {
      const read = readSetting(spec, value);
      if (!takes(spec.name, read, spec.works, spec.initial))
        throw new BadSetting(`${spec.name} ${value} is not supported here`);
      const before = settings[spec.name];
      settings[spec.name] =
        REPEATED.has(spec.name) && before !== undefined && read !== "" ? `${before} ${read}`.trim() : read;
    } catch (error) {
      if (error instanceof BadSetting) throw fatal(i + 1, text, error.message);
      throw error;
    }
  });
  return settings;
}

/** Settings that only the start takes, beside those that CONFIG SET can change. */
const AT_START = new Set([
  "port",
  "databases",
  "tcp-backlog",
  "always-show-logo",
  "pidfile",
  "set-proc-title",
]);

function takes(name: string, value: string, works: boolean, initial: string): boolean {
  return works || AT_START.has(name) || value === initial;
}

function fatal(line: number, text: string, why: string): FatalConfig {
  return new FatalConfig(
    `\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at line ${line}\n>>> '${text}'\n${why}\n`,
  );
}

/** All names that the configuration knows, for completeness of messages. */
export const SETTING_NAMES: readonly string[] = [...SETTINGS.keys(), ...SETTING_ALIASES.keys()];
