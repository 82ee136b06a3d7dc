import type { Action, TargetExtension } from "../extension.js";
import {
  exclusive,
  hex,
  optionNamed,
  parseMark,
  parseNumber,
  parseUnsigned,
  refuseRepeats,
} from "../options.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type TargetValue } from "../rule.js";
import { CONTINUE } from "../verdict.js";

/** `-j MARK`: mark = (mark & ~mask) ^ value, all its options are forms of that. */
export interface MarkTarget extends TargetValue {
  readonly target: "MARK";
  readonly value: number;
  readonly mask: number;
}

class MarkAction implements Action {
  constructor(private readonly value: MarkTarget) {}

  run({ packet }: PacketView): number {
    packet.mark = ((packet.mark & ~this.value.mask) ^ this.value.value) >>> 0;
    return CONTINUE;
  }
}

const BITS: readonly string[] = ["and-mark", "or-mark", "xor-mark"];
const NAMES = ["set-xmark", "set-mark", ...BITS];

export const markTarget: TargetExtension<MarkTarget> = {
  name: "MARK",
  options: NAMES.map((name) => ({
    name,
    words: 1 as const,
  })),
  parse(given) {
    refuseRepeats("MARK", given);
    const [option] = given;
    if (option === undefined)
      throw new IncompleteRule("MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required");
    for (const { name, words } of given)
      if (BITS.includes(name)) parseNumber("MARK", name, words[0]!, 0, 0xffffffff);
    const [first, second] = NAMES.filter((name) => optionNamed(given, name) !== null);
    if (second !== undefined) throw exclusive("MARK", first!, second);
    const text = option.words[0]!;
    if (option.name === "set-xmark" || option.name === "set-mark") {
      const { value, mask } = parseMark("MARK", option.name, text);
      return { target: "MARK", value, mask: option.name === "set-mark" ? (mask | value) >>> 0 : mask };
    }
    const bits = parseUnsigned(text)!;
    if (option.name === "and-mark") return { target: "MARK", value: 0, mask: ~bits >>> 0 };
    return { target: "MARK", value: bits, mask: option.name === "or-mark" ? bits : 0 };
  },
  save: ({ value, mask }) => ` --set-xmark ${hex(value)}/${hex(mask)}`,
  list({ value, mask }) {
    if (value === 0) return ` MARK and ${hex(~mask >>> 0)}`;
    if (value === mask) return ` MARK or ${hex(value)}`;
    if (mask === 0) return ` MARK xor ${hex(value)}`;
    return mask === 0xffffffff ? ` MARK set ${hex(value)}` : ` MARK xset ${hex(value)}/${hex(mask)}`;
  },
  compile: (value) => new MarkAction(value),
};
