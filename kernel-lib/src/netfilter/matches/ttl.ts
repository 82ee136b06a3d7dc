import { ipv4 } from "../../wire/ipv4.js";
import type { MatchExtension, Test } from "../extension.js";
import { exclusive, optionNamed, parseNumber } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type MatchValue } from "../rule.js";

const MODES = { "ttl-eq": "eq", "ttl-lt": "lt", "ttl-gt": "gt" } as const;

/** `-m ttl`: the packet's time to live. */
export interface TtlMatch extends MatchValue {
  readonly match: "ttl";
  readonly mode: "eq" | "ne" | "lt" | "gt";
  readonly ttl: number;
}

class TtlTest implements Test {
  constructor(private readonly value: TtlMatch) {}

  matches(view: PacketView): boolean {
    const ttl = ipv4.ttl.get(view.bytes, view.network);
    const { mode } = this.value;
    if (mode === "eq") return ttl === this.value.ttl;
    if (mode === "ne") return ttl !== this.value.ttl;
    return mode === "lt" ? ttl < this.value.ttl : ttl > this.value.ttl;
  }
}

const SIGNS = { eq: "==", ne: "!=", lt: "<", gt: ">" } as const;

export const ttlMatch: MatchExtension<TtlMatch> = {
  name: "ttl",
  options: [
    { name: "ttl-eq", aliases: ["ttl"], words: 1, negatable: true },
    { name: "ttl-lt", words: 1 },
    { name: "ttl-gt", words: 1 },
  ],
  parse(given) {
    const [option] = given;
    if (option === undefined)
      throw new IncompleteRule("TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt");
    const numbers = given.map(({ name, words }) => parseNumber("ttl", name, words[0]!, 0, 255));
    const ttl = numbers[0]!;
    const [first, second] = ["ttl-lt", "ttl-gt", "ttl-eq"].filter((name) => optionNamed(given, name));
    if (second !== undefined) throw exclusive("ttl", first!, second);
    return { match: "ttl", mode: option.negated ? "ne" : MODES[option.name as keyof typeof MODES], ttl };
  },
  save: ({ mode, ttl }) => (mode === "ne" ? ` ! --ttl-eq ${ttl}` : ` --ttl-${mode} ${ttl}`),
  list: ({ mode, ttl }) => ` TTL match TTL ${SIGNS[mode]} ${ttl}`,
  compile: (value) => new TtlTest(value),
};
