import type { Ipv4 } from "../../base/addresses.js";
import { connectionOf } from "../conntrack/connection.js";
import type { Action, OptionSpec, TargetExtension } from "../extension.js";
import {
  type NatRange,
  type NatTarget,
  natFlagsText,
  natRangeText,
  parseDestination,
  parseFlags,
  parsePorts,
  portsText,
} from "../nat-range.js";
import type { Netfilter } from "../netfilter.js";
import { optionNamed, refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { ACCEPT, DROP } from "../verdict.js";

const FLAGS: readonly OptionSpec[] = [
  { name: "random", words: 0 },
  { name: "persistent", words: 0 },
];
const FULLY: OptionSpec = { name: "random-fully", words: 0 };

/** DNAT and SNAT: a binding from the rule's own range. */
class BindAction implements Action {
  constructor(
    private readonly range: NatRange,
    private readonly side: "source" | "destination",
    private readonly netfilter: Netfilter,
  ) {}

  run(view: PacketView): number {
    const connection = connectionOf(view.packet);
    if (connection === null) return ACCEPT;
    return this.netfilter.nat.bind(connection, this.range, this.side) ? ACCEPT : DROP;
  }
}

export const dnatTarget: TargetExtension<NatTarget> = {
  name: "DNAT",
  options: [{ name: "to-destination", words: 1 }, ...FLAGS],
  parse(given, context) {
    refuseRepeats("DNAT", given);
    const { words } = required("DNAT", given, "to-destination");
    return {
      target: "DNAT",
      range: { ...parseDestination(words[0]!, context, "taken"), ...parseFlags(given) },
    };
  },
  save: ({ range }) => ` --to-destination ${natRangeText(range)}${natFlagsText(range, "--")}`,
  list: ({ range }) => ` to:${natRangeText(range)}${natFlagsText(range, "")}`,
  place: { table: "nat", hooks: ["PREROUTING", "OUTPUT"] },
  needsConntrack: true,
  compile: ({ range }, netfilter) => new BindAction(range, "destination", netfilter),
};

export const snatTarget: TargetExtension<NatTarget> = {
  name: "SNAT",
  options: [{ name: "to-source", words: 1 }, ...FLAGS, FULLY],
  parse(given, context) {
    refuseRepeats("SNAT", given);
    const { words } = required("SNAT", given, "to-source");
    return {
      target: "SNAT",
      range: { ...parseDestination(words[0]!, context, "lost"), ...parseFlags(given) },
    };
  },
  save: ({ range }) => ` --to-source ${natRangeText(range)}${natFlagsText(range, "--")}`,
  list: ({ range }) => ` to:${natRangeText(range)}${natFlagsText(range, "")}`,
  place: { table: "nat", hooks: ["INPUT", "POSTROUTING"] },
  needsConntrack: true,
  compile: ({ range }, netfilter) => new BindAction(range, "source", netfilter),
};

/** MASQUERADE: the source becomes the address of the device that the packet leaves by. */
class MasqueradeAction implements Action {
  private readonly range: { -readonly [K in keyof NatRange]: NatRange[K] };

  constructor(
    range: NatRange,
    private readonly netfilter: Netfilter,
  ) {
    this.range = { ...range };
  }

  run(view: PacketView): number {
    const connection = connectionOf(view.packet);
    if (connection === null || connection.original.source === 0) return ACCEPT;
    const address: Ipv4 = this.netfilter.port.addressOf(view.output!, view.destination);
    if (address === 0) return DROP;
    this.range.addresses = { first: address, last: address };
    connection.masqueradeIndex = view.output!.ifindex;
    return this.netfilter.nat.bind(connection, this.range, "source") ? ACCEPT : DROP;
  }
}

/** What MASQUERADE and REDIRECT share: the address is found when a packet comes, only ports are given (`--to-ports`). */
function toPorts(target: "MASQUERADE" | "REDIRECT"): Pick<TargetExtension<NatTarget>, "parse" | "save"> {
  return {
    parse(given, context) {
      refuseRepeats(target, given);
      const ports = optionNamed(given, "to-ports");
      const range = {
        addresses: null,
        ports:
          ports === null
            ? null
            : parsePorts(ports.words[0]!, context, target === "REDIRECT" ? "refused" : "lost"),
        ...parseFlags(given),
      };
      return { target, range };
    },
    save: ({ range }) =>
      `${range.ports === null ? "" : ` --to-ports ${portsText(range.ports)}`}${natFlagsText(range, "--")}`,
  };
}

export const masqueradeTarget: TargetExtension<NatTarget> = {
  name: "MASQUERADE",
  options: [{ name: "to-ports", words: 1 }, FLAGS[0]!, FULLY],
  ...toPorts("MASQUERADE"),
  list: ({ range }) =>
    `${range.ports === null ? "" : ` masq ports: ${portsText(range.ports)}`}${natFlagsText(range, "")}`,
  place: { table: "nat", hooks: ["POSTROUTING"] },
  needsConntrack: true,
  compile: ({ range }, netfilter) => new MasqueradeAction(range, netfilter),
};

/** REDIRECT: to this machine; 127.0.0.1 for packets made here, else the first address of the device they came by. */
class RedirectAction implements Action {
  private readonly range: { -readonly [K in keyof NatRange]: NatRange[K] };

  constructor(
    range: NatRange,
    private readonly netfilter: Netfilter,
  ) {
    this.range = { ...range };
  }

  run(view: PacketView): number {
    const connection = connectionOf(view.packet);
    if (connection === null) return ACCEPT;
    const address = view.hook === "OUTPUT" ? 0x7f000001 : (view.input?.addresses[0]?.address ?? 0);
    if (address === 0) return DROP;
    this.range.addresses = { first: address, last: address };
    return this.netfilter.nat.bind(connection, this.range, "destination") ? ACCEPT : DROP;
  }
}

export const redirectTarget: TargetExtension<NatTarget> = {
  name: "REDIRECT",
  options: [{ name: "to-ports", words: 1 }, FLAGS[0]!],
  ...toPorts("REDIRECT"),
  list: ({ range }) =>
    `${range.ports === null ? "" : ` redir ports ${portsText(range.ports)}`}${natFlagsText(range, "")}`,
  place: { table: "nat", hooks: ["PREROUTING", "OUTPUT"] },
  needsConntrack: true,
  compile: ({ range }, netfilter) => new RedirectAction(range, netfilter),
};
