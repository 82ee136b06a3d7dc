import type { Rule } from "./rule.js";

/** Numbers a rule has in a chain's heads: source, its mask, destination, its mask, flags. */
const HEAD = 5;

const SOURCE_NEGATED = 1;
const DESTINATION_NEGATED = 2;
const PROTOCOL_NEGATED = 4;
const HAS_PROTOCOL = 8;
const PROTOCOL_SHIFT = 8;

/**
 * Addresses and protocol of a chain's rules, side by side: most rules of a long chain fail on one of them, and are then passed by without their record
 * being touched.
 */
export function headsOf(rules: readonly Rule[]): Int32Array {
  const heads = new Int32Array(rules.length * HEAD);
  for (const [i, { source, destination, protocol, protocolNegated }] of rules.entries()) {
    heads[i * HEAD] = source.address;
    heads[i * HEAD + 1] = source.mask;
    heads[i * HEAD + 2] = destination.address;
    heads[i * HEAD + 3] = destination.mask;
    heads[i * HEAD + 4] =
      (source.negated ? SOURCE_NEGATED : 0) |
      (destination.negated ? DESTINATION_NEGATED : 0) |
      (protocolNegated ? PROTOCOL_NEGATED : 0) |
      (protocol === 0 ? 0 : HAS_PROTOCOL | (protocol << PROTOCOL_SHIFT));
  }
  return heads;
}

/** The first rule from `from` on whose head fits; their number when none does. */
export function nextFit(
  heads: Int32Array,
  from: number,
  source: number,
  destination: number,
  protocol: number,
): number {
  let at = from * HEAD;
  for (; at < heads.length; at += HEAD) {
    const flags = heads[at + 4]!;
    if (((source & heads[at + 1]!) === heads[at]!) === ((flags & SOURCE_NEGATED) !== 0)) continue;
    if (((destination & heads[at + 3]!) === heads[at + 2]!) === ((flags & DESTINATION_NEGATED) !== 0))
      continue;
    if (
      (flags & HAS_PROTOCOL) === 0 ||
      (protocol === flags >> PROTOCOL_SHIFT) !== ((flags & PROTOCOL_NEGATED) !== 0)
    )
      break;
  }
  return at / HEAD;
}
