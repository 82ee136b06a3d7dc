import type { Nanoseconds } from "../../base/units.js";
import { type Flag, FlagError, type ParsedFlags } from "../../docker/command/flags.js";
import { GoSyntaxError, parseDuration, parseFloat64, parseUint } from "../../docker/go/duration.js";

const NUMBERS: Readonly<Record<string, (text: string) => unknown>> = {
  uint: parseUint,
  float: parseFloat64,
  duration: parseDuration,
};

/** The values of a command's flags, read by what each one means. A value that is wrong is refused as pflag does. */
export class FlagValues {
  constructor(
    readonly flags: ParsedFlags,
    private readonly known: readonly Flag[],
  ) {}

  /** Refuses the first value that cannot be read by what its flag's type says, as pflag does before the command begins. */
  check(readers: Readonly<Record<string, (text: string) => unknown>>): void {
    for (const { name, type } of this.known) {
      const reader = readers[type] ?? NUMBERS[type];
      if (reader !== undefined) this.all(name, reader);
    }
  }

  has(name: string): boolean {
    return this.flags.has(name);
  }

  text(name: string, otherwise: string): string {
    return this.flags.value(name) ?? otherwise;
  }

  bool(name: string, otherwise: boolean): boolean {
    return this.flags.has(name) ? this.flags.bool(name) : otherwise;
  }

  uint(name: string, otherwise: number): number {
    return this.read(name, parseUint, otherwise);
  }

  float(name: string, otherwise: number): number {
    return this.read(name, parseFloat64, otherwise);
  }

  duration(name: string, otherwise: Nanoseconds): Nanoseconds {
    return this.read(name, parseDuration, otherwise);
  }

  /** Every value given, each read by `read`. */
  all<T>(name: string, read: (text: string) => T): readonly T[] {
    return this.flags.values(name).map((text) => this.checked(name, text, read));
  }

  read<T>(name: string, read: (text: string) => T, otherwise: T): T {
    const text = this.flags.value(name);
    return text === null ? otherwise : this.checked(name, text, read);
  }

  private checked<T>(name: string, text: string, read: (text: string) => T): T {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof GoSyntaxError)) throw error;
      const short = this.known.find((flag) => flag.name === name)?.short ?? null;
      const shown = short === null ? `--${name}` : `-${short}, --${name}`;
      throw new FlagError(`invalid argument ${JSON.stringify(text)} for "${shown}" flag: ${error.message}`);
    }
  }
}

/** `512m`, `1g`: binary units (units.RAMInBytes). Throws GoSyntaxError. */
export function parseMemory(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(text);
  if (match === null) throw new GoSyntaxError(`invalid size: '${text}'`);
  return Math.trunc(Number(match[1]) * 1024 ** " kmgtp".indexOf((match[2] || " ").toLowerCase()));
}

/** `0.5` CPUs as thousand-millionths (opts.ParseCPUs). Throws GoSyntaxError. */
export function parseCpus(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && !/^[+-]?\d+\/\d+$/.test(text))
    throw new GoSyntaxError(`Failed to parse ${text} as a rational number`);
  const [whole = "", divisor] = text.split("/");
  const nano = (Number(whole) / Number(divisor ?? 1)) * 1e9;
  if (Math.abs(nano - Math.round(nano)) > 1e-6) throw new GoSyntaxError("value is too precise");
  return Math.round(nano);
}

/** `A=B`; the first part may not be empty. */
export function parseEnvironment(text: string): string {
  if (text.split("=")[0] === "") throw new GoSyntaxError(`invalid environment variable: ${text}`);
  return text;
}

/** One line of comma-separated fields, those with commas in double quotes (encoding/csv). */
export function csvFields(text: string): readonly string[] {
  const fields: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    fields.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
  return fields;
}
