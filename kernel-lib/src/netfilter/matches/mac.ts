import { formatMac, type Mac, tryParseMac } from "../../base/addresses.js";
import { ETHERNET_LENGTH, ethernet } from "../../wire/ethernet.js";
import type { MatchExtension, Test } from "../extension.js";
import { refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { type MatchValue, RuleError } from "../rule.js";

/** `-m mac --mac-source`: the Ethernet source of a packet that came in. */
export interface MacMatch extends MatchValue {
  readonly match: "mac";
  readonly address: Mac;
  readonly negated: boolean;
}

class MacTest implements Test {
  constructor(private readonly value: MacMatch) {}

  matches(view: PacketView): boolean {
    const { input, bytes, network } = view;
    if (input === null || input.kind === "loopback" || network < ETHERNET_LENGTH) return false;
    return (
      (ethernet.source.get(bytes, network - ETHERNET_LENGTH) === this.value.address) !== this.value.negated
    );
  }
}

export const macMatch: MatchExtension<MacMatch> = {
  name: "mac",
  options: [{ name: "mac-source", words: 1, negatable: true }],
  parse(given) {
    refuseRepeats("mac", given);
    const { words, negated } = required("mac", given, "mac-source");
    const address = tryParseMac(words[0]!);
    if (address === null) throw new RuleError("Invalid MAC address specified.");
    return { match: "mac", address, negated };
  },
  save: ({ address, negated }) => `${negated ? " !" : ""} --mac-source ${formatMac(address)}`,
  list: ({ address, negated }) => ` MAC${negated ? " !" : ""} ${formatMac(address)}`,
  place: { hooks: ["PREROUTING", "INPUT", "FORWARD"] },
  compile: (value) => new MacTest(value),
};
