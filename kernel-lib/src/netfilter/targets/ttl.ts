import { updateWord } from "../../wire/checksum.js";
import { ipv4 } from "../../wire/ipv4.js";
import type { Action, TargetExtension } from "../extension.js";
import { exclusive, optionNamed, parseNumber, refuseRepeats } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type TargetValue } from "../rule.js";
import { CONTINUE } from "../verdict.js";

/** `-j TTL`: sets, adds to or takes from the time to live; mangle table only. */
export interface TtlTarget extends TargetValue {
  readonly target: "TTL";
  readonly mode: "set" | "inc" | "dec";
  readonly amount: number;
}

class TtlAction implements Action {
  constructor(private readonly value: TtlTarget) {}

  run({ bytes, network }: PacketView): number {
    const { mode, amount } = this.value;
    const old = ipv4.ttl.get(bytes, network);
    const ttl =
      mode === "set" ? amount : mode === "inc" ? Math.min(old + amount, 255) : Math.max(old - amount, 0);
    const protocol = ipv4.protocol.get(bytes, network);
    ipv4.ttl.set(bytes, network, ttl);
    ipv4.checksum.set(
      bytes,
      network,
      updateWord(ipv4.checksum.get(bytes, network), (old << 8) | protocol, (ttl << 8) | protocol),
    );
    return CONTINUE;
  }
}

const WORDS = { set: "set to", inc: "increment by", dec: "decrement by" } as const;

/** In the order in which they are checked against each other. */
const NAMES = ["ttl-set", "ttl-dec", "ttl-inc"];

export const ttlTarget: TargetExtension<TtlTarget> = {
  name: "TTL",
  options: NAMES.map((name) => ({ name, words: 1 as const })),
  parse(given) {
    refuseRepeats("TTL", given);
    const [option] = given;
    if (option === undefined) throw new IncompleteRule("TTL: You must specify an action");
    const amounts = given.map(({ name, words }) =>
      parseNumber("TTL", name, words[0]!, name === "ttl-set" ? 0 : 1, 255),
    );
    const [first, second] = NAMES.filter((name) => optionNamed(given, name) !== null);
    if (second !== undefined) throw exclusive("TTL", first!, second);
    const amount = amounts[0]!;
    return { target: "TTL", mode: option.name.slice(4) as TtlTarget["mode"], amount };
  },
  save: ({ mode, amount }) => ` --ttl-${mode} ${amount}`,
  list: ({ mode, amount }) => ` TTL ${WORDS[mode]} ${amount}`,
  place: { table: "mangle" },
  compile: (value) => new TtlAction(value),
};
