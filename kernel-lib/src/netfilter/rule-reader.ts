import { parseAddressMask } from "./addresses.js";
import type {
  GivenOption,
  MatchExtension,
  NameSource,
  OptionSpec,
  ParseContext,
  TargetExtension,
} from "./extension.js";
import { matchNamed, UNSUPPORTED_MATCHES } from "./matches/index.js";
import { parseProtocol, protocolName } from "./protocols.js";
import {
  type AddressTerm,
  ANY_ADDRESS,
  ANY_INTERFACE,
  deepFreeze,
  type InterfaceTerm,
  type MatchValue,
  type Rule,
  RuleError,
  type TargetValue,
} from "./rule.js";
import { STANDARD_TARGETS, targetNamed, UNSUPPORTED_TARGETS } from "./targets/index.js";

/** Words of a command line, read one after the other. */
export class Words {
  at = 0;
  constructor(readonly words: readonly string[]) {}

  get done(): boolean {
    return this.at >= this.words.length;
  }

  take(): string {
    return this.words[this.at++]!;
  }

  /** The next word, if it is no option and no `!`. */
  takeArgument(): string | null {
    const next = this.words[this.at];
    if (next === undefined || (next.startsWith("-") && next !== "-") || next === "!") return null;
    return this.take();
  }

  /** The argument of an option, whatever it looks like. */
  argument(option: string): string {
    if (this.done) throw new RuleError(`option "${option}" requires an argument`);
    return this.take();
  }
}

interface Loaded<E> {
  readonly extension: E;
  readonly given: GivenOption[];
}

/** Whether a name is a chain of the table that the rule goes to. */
export type ChainTest = (name: string) => boolean;

/** Gathers the terms of a rule as iptables reads them, from left to right. */
export class RuleReader {
  /** Letters of the options that were given, for the check of what a command takes. */
  readonly seen = new Set<string>();
  private sources: { readonly text: string; readonly negated: boolean } | null = null;
  private destinations: { readonly text: string; readonly negated: boolean } | null = null;
  private input: InterfaceTerm = ANY_INTERFACE;
  private output: InterfaceTerm = ANY_INTERFACE;
  private protocol = 0;
  private protocolNegated = false;
  private fragment: Rule["fragment"] = "any";
  private readonly matches: Loaded<MatchExtension>[] = [];
  private target: Loaded<TargetExtension> | null = null;
  private targetName: string | null = null;
  private isGoto = false;
  private protocolLoaded = false;

  constructor(
    private readonly names: NameSource,
    private readonly isChain: ChainTest,
  ) {}

  private get context(): ParseContext {
    return { names: this.names, protocol: this.protocol, protocolNegated: this.protocolNegated };
  }

  /** Reads a rule's own option. False when it is none of them. */
  option(letter: string, words: Words, option: string, negated: boolean, value: string | null): boolean {
    const argument = () => value ?? words.argument(option);
    switch (letter) {
      case "p":
        this.once("p");
        this.setProtocol(argument(), negated);
        return true;
      case "s":
        this.once("s");
        this.sources = { text: argument(), negated };
        return true;
      case "d":
        this.once("d");
        this.destinations = { text: argument(), negated };
        return true;
      case "i":
        this.once("i");
        this.input = { name: interfaceName(argument()), negated };
        return true;
      case "o":
        this.once("o");
        this.output = { name: interfaceName(argument()), negated };
        return true;
      case "f":
        this.once("f");
        this.fragment = negated ? "head" : "further";
        return true;
      case "j":
      case "g":
        if (negated) throw new RuleError(`cannot have ! before -${letter}`);
        this.once("j");
        this.setTarget(argument(), letter === "g");
        return true;
      case "m":
        if (negated) throw new RuleError("cannot have ! before -m");
        this.load(argument());
        return true;
      default:
        return false;
    }
  }

  private once(letter: string): void {
    if (this.seen.has(letter)) throw new RuleError(`multiple -${letter} flags not allowed`);
    this.seen.add(letter);
  }

  private setProtocol(text: string, negated: boolean): void {
    const number = parseProtocol(text);
    if (number === null) throw new RuleError(`unknown protocol "${text.toLowerCase()}" specified`);
    if (number === 0 && negated) throw new RuleError("rule would never match protocol");
    this.protocol = number;
    this.protocolNegated = negated;
  }

  private setTarget(name: string, isGoto: boolean): void {
    if (name === "") throw new RuleError("Invalid target name (too short)");
    this.targetName = name;
    this.isGoto = isGoto;
    if (isGoto && !this.isChain(name)) throw new RuleError(`goto '${name}' is not a chain`);
    if (isGoto || this.isChain(name) || STANDARD_TARGETS.includes(name)) return;
    if (UNSUPPORTED_TARGETS.has(name)) throw new RuleError(`target "${name}" is not supported here`);
    const extension = targetNamed(name);
    if (extension !== null) this.target = { extension, given: [] };
  }

  private load(name: string): void {
    if (UNSUPPORTED_MATCHES.has(name)) throw new RuleError(`match "${name}" is not supported here`);
    const extension = matchNamed(name);
    if (extension === null) throw new RuleError(`Couldn't load match \`${name}':No such file or directory\n`);
    this.matches.push({ extension, given: [] });
  }

  /** Reads `--name`, an option of the target or of a match; the protocol's own match is loaded when it is needed. */
  longOption(name: string, words: Words, negated: boolean, value: string | null): boolean {
    for (const loaded of this.loaded()) {
      const spec = optionOf(loaded.extension.options, name);
      if (spec === null) continue;
      const given = readOption(spec, name, words, negated, value);
      loaded.given.push(given);
      if (loaded.extension.checksAtOnce) loaded.extension.parse([given], this.context);
      return true;
    }
    return this.loadProtocol(name) && this.longOption(name, words, negated, value);
  }

  /** The newest match first, as getopt finds the options merged last. */
  private loaded(): readonly Loaded<MatchExtension | TargetExtension>[] {
    const matches = [...this.matches].reverse();
    return this.target === null ? matches : [this.target, ...matches];
  }

  private loadProtocol(option: string): boolean {
    if (this.protocol === 0 || this.protocolNegated || this.protocolLoaded) return false;
    const extension = matchNamed(protocolName(this.protocol) ?? "");
    if (extension === null || optionOf(extension.options, option) === null) return false;
    if (this.matches.some((loaded) => loaded.extension === extension)) return false;
    this.protocolLoaded = true;
    this.matches.push({ extension, given: [] });
    return true;
  }

  /** The rules that the line stands for: one for each pair of addresses. */
  finish(): readonly Rule[] {
    const matches = this.matches.map(
      ({ extension, given }): MatchValue => extension.parse(given, this.context),
    );
    const target = this.finishTarget();
    const sources = this.terms(this.sources);
    const destinations = this.terms(this.destinations);
    const several = sources.length > 1 || destinations.length > 1;
    if (several && (this.sources?.negated || this.destinations?.negated))
      throw new RuleError("! not allowed with multiple source or destination IP addresses");
    return sources.flatMap((source) =>
      destinations.map((destination) =>
        deepFreeze<Rule>({
          source,
          destination,
          input: this.input,
          output: this.output,
          protocol: this.protocol,
          protocolNegated: this.protocolNegated,
          fragment: this.fragment,
          matches,
          target,
        }),
      ),
    );
  }

  private terms(given: { readonly text: string; readonly negated: boolean } | null): readonly AddressTerm[] {
    if (given === null) return [ANY_ADDRESS];
    return parseAddressMask(given.text, this.names).map((address) => ({
      ...address,
      negated: given.negated,
    }));
  }

  private finishTarget(): TargetValue | null {
    const name = this.targetName;
    if (name === null) return null;
    if (this.target !== null) return this.target.extension.parse(this.target.given, this.context);
    if (STANDARD_TARGETS.includes(name)) return { target: name };
    if (this.isChain(name)) return { target: this.isGoto ? "goto" : "jump", chain: name } as TargetValue;
    throw new RuleError(`Couldn't load target \`${name}':No such file or directory\n`);
  }
}

function interfaceName(text: string): string {
  if (text.length > 15) throw new RuleError(`interface name \`${text}' must be shorter than IFNAMSIZ (15)`);
  return text;
}

function optionOf(options: readonly OptionSpec[], name: string): OptionSpec | null {
  return options.find((spec) => spec.name === name || spec.aliases?.includes(name)) ?? null;
}

function readOption(
  spec: OptionSpec,
  name: string,
  words: Words,
  negated: boolean,
  value: string | null,
): GivenOption {
  const read: string[] = [];
  if (spec.words > 0) read.push(value ?? words.argument(`--${name}`));
  if (spec.words === 2) {
    const second = words.takeArgument();
    if (second !== null) read.push(second);
  }
  if (negated && spec.negatable !== true)
    throw new RuleError(`option "--${spec.name}" cannot be inverted.\n`);
  return { name: spec.name, words: read, negated };
}
