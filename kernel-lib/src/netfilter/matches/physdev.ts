import type { MatchExtension, Test } from "../extension.js";
import { byteLength, refuseRepeats } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type InterfaceTerm, type MatchValue, RuleError } from "../rule.js";
import { RuleRefused } from "../rule-refused.js";

interface Flag {
  readonly negated: boolean;
}

/** `-m physdev`: the bridge ports of a bridged packet (xt_physdev.c). */
export interface PhysdevMatch extends MatchValue {
  readonly match: "physdev";
  readonly input: InterfaceTerm | null;
  readonly output: InterfaceTerm | null;
  readonly isIn: Flag | null;
  readonly isOut: Flag | null;
  readonly isBridged: Flag | null;
}

const FLAG_OPTIONS = [
  ["isIn", "physdev-is-in"],
  ["isOut", "physdev-is-out"],
  ["isBridged", "physdev-is-bridged"],
] as const;

class PhysdevTest implements Test {
  constructor(private readonly value: PhysdevMatch) {}

  matches(view: PacketView): boolean {
    const { bridgeInput, bridgeOutput } = view.packet;
    const { input, output, isIn, isOut, isBridged } = this.value;
    const leaves = bridgeOutput !== "";
    if (bridgeInput === "") return !this.asksPlainly();
    if (isBridged !== null && leaves === isBridged.negated) return false;
    if (isIn?.negated === true) return false;
    if (isOut !== null && leaves === isOut.negated) return false;
    if (input !== null && nameMatches(input.name, bridgeInput) === input.negated) return false;
    return output === null || (leaves && nameMatches(output.name, bridgeOutput) !== output.negated);
  }

  /** Whether a term is not negated: such a one never holds for a packet that came by no bridge. */
  private asksPlainly(): boolean {
    const { input, output, isIn, isOut, isBridged } = this.value;
    return [input, output, isIn, isOut, isBridged].some((term) => term?.negated === false);
  }
}

/** Whether a device's name is the one meant; `eth+` means all that begin with `eth`. */
export function nameMatches(pattern: string, name: string): boolean {
  return pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

const NO_OUTPUT = new RuleRefused(
  "EINVAL",
  "xt_physdev: --physdev-out and --physdev-is-out only supported in the FORWARD and POSTROUTING chains with bridged traffic",
);

export const physdevMatch: MatchExtension<PhysdevMatch> = {
  name: "physdev",
  options: [
    { name: "physdev-in", words: 1, negatable: true },
    { name: "physdev-out", words: 1, negatable: true },
    { name: "physdev-is-in", words: 0, negatable: true },
    { name: "physdev-is-out", words: 0, negatable: true },
    { name: "physdev-is-bridged", words: 0, negatable: true },
  ],
  parse(given) {
    refuseRepeats("physdev", given);
    if (given.length === 0) throw new IncompleteRule("PHYSDEV: no physdev option specified");
    const device = (name: string): InterfaceTerm | null => {
      const option = given.find((one) => one.name === name);
      if (option === undefined) return null;
      const word = option.words[0]!;
      if (byteLength(word) > 15)
        throw new RuleError(`interface name \`${word}' must be shorter than IFNAMSIZ (15)`);
      return { name: word, negated: option.negated };
    };
    const flag = (name: string): Flag | null => {
      const option = given.find((one) => one.name === name);
      return option === undefined ? null : { negated: option.negated };
    };
    return {
      match: "physdev",
      input: device("physdev-in"),
      output: device("physdev-out"),
      isIn: flag("physdev-is-in"),
      isOut: flag("physdev-is-out"),
      isBridged: flag("physdev-is-bridged"),
    };
  },
  save: (value) => print(value),
  list: (value) => ` PHYSDEV match${print(value)}`,
  check({ output, isOut, isBridged }, _rule, { hooks }) {
    if ((output === null && isOut === null) || isBridged?.negated === false) return null;
    return hooks.has("OUTPUT") ? NO_OUTPUT : null;
  },
  compile: (value) => new PhysdevTest(value),
};

function print(value: PhysdevMatch): string {
  const flag = (key: "isIn" | "isOut" | "isBridged", name: string) =>
    value[key] === null ? "" : `${value[key].negated ? " !" : ""} --${name}`;
  const device = (name: string, term: InterfaceTerm | null) =>
    term === null ? "" : `${term.negated ? " !" : ""} --${name} ${term.name}`;
  const [isIn, isOut, isBridged] = FLAG_OPTIONS;
  return `${flag(...isIn)}${device("physdev-in", value.input)}${flag(...isOut)}${device("physdev-out", value.output)}${flag(...isBridged)}`;
}
