import { parseAddressMask } from "./addresses.js";
import type {
  GivenOption,
  MatchExtension,
  NameSource,
  OptionSpec,
  ParseContext,
  TargetExtension,
} from "./extension.js";
import type { GetoptLong, LongOption } from "./getopt-long.js";
import { matchNamed, UNSUPPORTED_MATCHES } from "./matches/index.js";
import { byteLength } from "./options.js";
import { parseProtocol, protocolName } from "./protocols.js";
import {
  type AddressTerm,
  ANY_ADDRESS,
  ANY_INTERFACE,
  deepFreeze,
  IncompleteRule,
  type InterfaceTerm,
  type MatchValue,
  type Rule,
  RuleError,
  STANDARD_TARGETS,
  type TargetValue,
} from "./rule.js";
import { targetNamed, UNSUPPORTED_TARGETS } from "./targets/index.js";

type AnyExtension = MatchExtension | TargetExtension;

/** Whose option a long option is. */
export interface ExtensionOption {
  readonly extension: AnyExtension;
  readonly spec: OptionSpec;
}

interface Loaded<E> {
  readonly extension: E;
  readonly given: GivenOption[];
}

/** Whether a name is a chain of the table that the rule goes to. */
export type ChainTest = (name: string) => boolean;

/** Gathers the terms of a rule as iptables reads them, from left to right (do_parse). */
export class RuleReader {
  /** Letters of the options that were given, for the check of what a command takes. */
  readonly seen = new Set<string>();
  /** Long options of the extensions, those loaded last first. */
  longOptions: readonly LongOption<ExtensionOption>[] = [];
  /** The name of -j or -g, as it was given. */
  targetName: string | null = null;
  private sourceText: string | null = null;
  private destinationText: string | null = null;
  private sources: readonly AddressTerm[] = [ANY_ADDRESS];
  private destinations: readonly AddressTerm[] = [ANY_ADDRESS];
  private readonly negated = new Set<string>();
  private input: InterfaceTerm = ANY_INTERFACE;
  private output: InterfaceTerm = ANY_INTERFACE;
  private protocolText: string | null = null;
  private protocol = 0;
  private readonly matches: Loaded<MatchExtension>[] = [];
  private target: Loaded<TargetExtension> | null = null;
  private values: readonly MatchValue[] = [];
  private targetValue: TargetValue | null = null;
  private isGoto = false;
  private protocolLoaded = false;
  private readonly remarks = new Set<string>();

  constructor(
    private readonly names: NameSource,
    /** Takes what iptables says on standard error without refusing the rule. */
    private readonly tell: (text: string) => void,
  ) {}

  /** Says each remark once, however often the options that it is about are looked at. */
  private readonly remark = (text: string): void => {
    if (this.remarks.has(text)) return;
    this.remarks.add(text);
    this.tell(text);
  };

  private get context(): ParseContext {
    return {
      names: this.names,
      protocol: this.protocol,
      protocolNegated: this.negated.has("p"),
      remark: this.remark,
    };
  }

  /** Names of the matches that are loaded, in order, and of the target; for their help. */
  get loadedNames(): { readonly matches: readonly string[]; readonly target: string | null } {
    return {
      matches: this.matches.map(({ extension }) => extension.name),
      target:
        this.target?.extension.name ??
        (this.targetName !== null && STANDARD_TARGETS.includes(this.targetName) ? this.targetName : null),
    };
  }

  /** Notes an option that may stand once (set_option). */
  once(letter: string, negated: boolean): void {
    if (this.seen.has(letter)) throw new RuleError(`multiple -${letter} flags not allowed`);
    this.seen.add(letter);
    if (!negated) return;
    if (!"sdpiof".includes(letter)) throw new RuleError(`cannot have ! before -${letter}`);
    this.negated.add(letter);
  }

  /** Reads a rule's own option. False when it is none of them. */
  option(letter: string, value: string, negated: boolean): boolean {
    switch (letter) {
      case "p":
        this.once("p", negated);
        this.setProtocol(value, negated);
        return true;
      case "s":
        this.once("s", negated);
        this.sourceText = value;
        return true;
      case "d":
        this.once("d", negated);
        this.destinationText = value;
        return true;
      case "i":
        this.input = this.interfaceTerm("i", value, negated);
        return true;
      case "o":
        this.output = this.interfaceTerm("o", value, negated);
        return true;
      case "f":
        this.once("f", negated);
        return true;
      case "j":
      case "g":
        this.once("j", negated);
        this.setTarget(value, letter === "g");
        return true;
      case "m":
        if (negated) throw new RuleError("unexpected ! flag before --match");
        this.load(value);
        return true;
      default:
        return false;
    }
  }

  private interfaceTerm(letter: string, name: string, negated: boolean): InterfaceTerm {
    if (name === "") throw new RuleError("Empty interface is likely to be undesired");
    this.once(letter, negated);
    if (name.length > 15) throw new RuleError(`interface name \`${name}' must be shorter than IFNAMSIZ (15)`);
    if (/[/ ]/.test(name))
      this.remark(
        `Warning: weird character in interface \`${name}' ('/' and ' ' are not allowed by the kernel).\n`,
      );
    return { name, negated };
  }

  private setProtocol(text: string, negated: boolean): void {
    const number = parseProtocol(text);
    if (number === null) throw new RuleError(`unknown protocol "${text.toLowerCase()}" specified`);
    if (number === 0 && negated) throw new RuleError("rule would never match protocol");
    this.protocol = number;
    this.protocolText = text.toLowerCase();
  }

  private setTarget(name: string, isGoto: boolean): void {
    if (name === "") throw new RuleError("Invalid target name (too short)");
    if (byteLength(name) > 28) throw new RuleError(`Invalid target name \`${name}' (28 chars max)`);
    if (/\s/.test(name)) throw new RuleError(`Invalid target name \`${name}'`);
    this.targetName = name;
    this.isGoto = isGoto;
    if (isGoto || STANDARD_TARGETS.includes(name)) return;
    if (UNSUPPORTED_TARGETS.has(name)) throw new RuleError(`target "${name}" is not supported here`);
    const extension = targetNamed(name);
    if (extension === null) return;
    this.target = { extension, given: [] };
    this.addOptions(extension);
  }

  private load(name: string): void {
    if (UNSUPPORTED_MATCHES.has(name)) throw new RuleError(`match "${name}" is not supported here`);
    const extension = matchNamed(name);
    if (extension === null) throw new RuleError(`Couldn't load match \`${name}':No such file or directory\n`);
    const isNew = !this.matches.some((loaded) => loaded.extension === extension);
    this.matches.push({ extension, given: [] });
    if (isNew) this.addOptions(extension);
  }

  private addOptions(extension: AnyExtension): void {
    const options = extension.options.flatMap((spec) => {
      const token: ExtensionOption = { extension, spec };
      const value = spec.words === 0 ? (0 as const) : (1 as const);
      return [spec.name, ...(spec.aliases ?? [])].map((name) => ({ name, value, token }));
    });
    this.longOptions = [...options, ...this.longOptions];
  }

  /** Loads the match of `-p`, once, when an option is not known without it. */
  loadProtocol(): boolean {
    if (this.protocolText === null || this.protocolLoaded) return false;
    this.protocolLoaded = true;
    const name = /^\d/.test(this.protocolText) ? protocolName(this.protocol) : this.protocolText;
    if (name === null) return false;
    if (UNSUPPORTED_MATCHES.has(name)) throw new RuleError(`match "${name}" is not supported here`);
    if (matchNamed(name) === null) return false;
    this.load(name);
    return true;
  }

  /** Takes an option of an extension, and looks at it at once. */
  give(
    { extension, spec }: ExtensionOption,
    value: string | null,
    negated: boolean,
    words: Pick<GetoptLong<unknown>, "takeArgument">,
  ): void {
    const loaded =
      this.target?.extension === extension
        ? this.target
        : this.matches.findLast((match) => match.extension === extension)!;
    const read = value === null ? [] : [value];
    if (extension.ownChecks !== true) {
      if (spec.repeats !== true && loaded.given.some(({ name }) => name === spec.name))
        throw new RuleError(`${extension.name}: option "--${spec.name}" can only be used once.\n`);
      if (negated && spec.negatable !== true)
        throw new RuleError(`${extension.name}: option "--${spec.name}" cannot be inverted.\n`);
    }
    if (spec.words === 2) {
      const second = words.takeArgument();
      if (second !== null) read.push(second);
    }
    loaded.given.push({ name: spec.name, words: read, negated });
    try {
      extension.parse(loaded.given, this.context);
    } catch (error) {
      if (!(error instanceof IncompleteRule)) throw error;
    }
  }

  /** All words are read: the extensions check that nothing is missing. */
  finishExtensions(): void {
    this.values = this.matches.map(({ extension, given }) => extension.parse(given, this.context));
    if (this.target !== null) this.targetValue = this.target.extension.parse(this.target.given, this.context);
  }

  /** Looks up the addresses. */
  finishAddresses(): void {
    this.sources = this.terms(this.sourceText, "s");
    this.destinations = this.terms(this.destinationText, "d");
    if (
      (this.sources.length > 1 || this.destinations.length > 1) &&
      (this.negated.has("s") || this.negated.has("d"))
    )
      throw new RuleError("! not allowed with multiple source or destination IP addresses");
  }

  /** Whether there is one pair of addresses only, as -R wants. */
  get isSingle(): boolean {
    return this.sources.length === 1 && this.destinations.length === 1;
  }

  /** The rules that the line stands for: one for each pair of addresses. `warn` when a chain has a target's name. */
  rules(isChain: ChainTest, warn: boolean): readonly Rule[] {
    const target = this.resolveTarget(isChain, warn);
    const { protocol, negated, input, output } = this;
    const fragment = !this.seen.has("f") ? "any" : negated.has("f") ? "head" : "further";
    return this.sources.flatMap((source) =>
      this.destinations.map((destination) =>
        deepFreeze<Rule>({
          source,
          destination,
          input,
          output,
          protocol,
          protocolNegated: negated.has("p"),
          fragment,
          matches: this.values,
          target,
        }),
      ),
    );
  }

  private terms(text: string | null, letter: string): readonly AddressTerm[] {
    if (text === null) return [ANY_ADDRESS];
    return parseAddressMask(text, this.names).map((address) => ({
      ...address,
      negated: this.negated.has(letter),
    }));
  }

  private resolveTarget(isChain: ChainTest, warn: boolean): TargetValue | null {
    const name = this.targetName;
    if (name === null) return null;
    const chain = { target: this.isGoto ? "goto" : "jump", chain: name } as TargetValue;
    if (this.targetValue !== null) {
      if (!isChain(name)) return this.targetValue;
      if (warn) this.tell(`Warning: using chain ${name}, not extension\n`);
      return chain;
    }
    if (STANDARD_TARGETS.includes(name) && !this.isGoto) return { target: name };
    if (isChain(name)) return chain;
    if (this.isGoto) throw new RuleError(`goto '${name}' is not a chain`);
    throw new RuleError(`Couldn't load target \`${name}':No such file or directory\n`);
  }
}
