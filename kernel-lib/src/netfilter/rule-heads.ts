import type { PacketView } from "./packet-view.js";
import type { RuleEntry } from "./rule-entry.js";

/** Numbers a rule has in a chain's heads: source, its mask, destination, its mask, flags, input and output device. */
const HEAD = 7;

const SOURCE_NEGATED = 1;
const DESTINATION_NEGATED = 2;
const PROTOCOL_NEGATED = 4;
const HAS_PROTOCOL = 8;
const HAS_INPUT = 16;
const INPUT_NEGATED = 32;
const HAS_OUTPUT = 64;
const OUTPUT_NEGATED = 128;
const PROTOCOL_SHIFT = 8;

/**
 * Addresses, protocol and whole device names of a chain's rules, side by side: most rules of a long chain fail on one of them, and are then passed by without
 * their record being touched. The entries have been compiled.
 */
export function headsOf(entries: readonly RuleEntry[]): Int32Array {
  const heads = new Int32Array(entries.length * HEAD);
  for (const [i, { rule, inputNumber, outputNumber }] of entries.entries()) {
    const { source, destination, protocol, protocolNegated, input, output } = rule;
    heads[i * HEAD] = source.address;
    heads[i * HEAD + 1] = source.mask;
    heads[i * HEAD + 2] = destination.address;
    heads[i * HEAD + 3] = destination.mask;
    heads[i * HEAD + 4] =
      (source.negated ? SOURCE_NEGATED : 0) |
      (destination.negated ? DESTINATION_NEGATED : 0) |
      (protocolNegated ? PROTOCOL_NEGATED : 0) |
      (protocol === 0 ? 0 : HAS_PROTOCOL | (protocol << PROTOCOL_SHIFT)) |
      (inputNumber < 0 ? 0 : HAS_INPUT | (input.negated ? INPUT_NEGATED : 0)) |
      (outputNumber < 0 ? 0 : HAS_OUTPUT | (output.negated ? OUTPUT_NEGATED : 0));
    heads[i * HEAD + 5] = inputNumber;
    heads[i * HEAD + 6] = outputNumber;
  }
  return heads;
}

/** The first rule from `from` on whose head fits; their number when none does. */
export function nextFit(heads: Int32Array, from: number, view: PacketView): number {
  const { source, destination, protocol, inputNumber, outputNumber } = view;
  let at = from * HEAD;
  for (; at < heads.length; at += HEAD) {
    const flags = heads[at + 4]!;
    if (((source & heads[at + 1]!) === heads[at]!) === ((flags & SOURCE_NEGATED) !== 0)) continue;
    if (((destination & heads[at + 3]!) === heads[at + 2]!) === ((flags & DESTINATION_NEGATED) !== 0))
      continue;
    if (
      (flags & HAS_PROTOCOL) !== 0 &&
      (protocol === flags >> PROTOCOL_SHIFT) === ((flags & PROTOCOL_NEGATED) !== 0)
    )
      continue;
    if ((flags & HAS_INPUT) !== 0 && (inputNumber === heads[at + 5]!) === ((flags & INPUT_NEGATED) !== 0))
      continue;
    if ((flags & HAS_OUTPUT) !== 0 && (outputNumber === heads[at + 6]!) === ((flags & OUTPUT_NEGATED) !== 0))
      continue;
    break;
  }
  return at / HEAD;
}
