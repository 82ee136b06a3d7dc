import type { Ipv4 } from "../../base/addresses.js";
import { isMulticastIpv4 } from "../../base/addresses.js";
import type { Device } from "../../link/device.js";
import type { Fib } from "../../route/fib.js";
import type { MatchExtension, Test } from "../extension.js";
import { optionNamed, refuseRepeats } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type MatchValue, RuleError } from "../rule.js";
import { RuleRefused } from "../rule-refused.js";

/** RTN_* in the kernel's order: the bit of a type is its place. */
const TYPES = [
  "UNSPEC",
  "UNICAST",
  "LOCAL",
  "BROADCAST",
  "ANYCAST",
  "MULTICAST",
  "BLACKHOLE",
  "UNREACHABLE",
  "PROHIBIT",
  "THROW",
  "NAT",
  "XRESOLVE",
] as const;
const UNICAST = 1 << 1;
const LOCAL = 1 << 2;
const BROADCAST = 1 << 3;
const ANYCAST = 1 << 4;
const MULTICAST = 1 << 5;

interface TypeTerm {
  /** A set of bits. */
  readonly types: number;
  readonly negated: boolean;
}

/** `-m addrtype`: how this machine would route an address (xt_addrtype.c). */
export interface AddrtypeMatch extends MatchValue {
  readonly match: "addrtype";
  readonly source: TypeTerm | null;
  readonly destination: TypeTerm | null;
  readonly limit: "in" | "out" | null;
}

/** A type may be cut short; the first that begins so is meant. */
function parseTypes(text: string): number {
  let bits = 0;
  let rest = text;
  for (;;) {
    const comma = rest.indexOf(",");
    const word = (comma < 0 ? rest : rest.slice(0, comma)).toUpperCase();
    const index = word === "" ? -1 : TYPES.findIndex((type) => type.startsWith(word));
    if (index < 0)
      throw new RuleError(comma < 0 ? `addrtype: bad type "${rest}"` : `addrtype: bad type \`${rest}'`);
    bits |= 1 << index;
    if (comma < 0) return bits;
    rest = rest.slice(comma + 1);
  }
}

function typesText(bits: number): string {
  return TYPES.filter((_, index) => (bits & (1 << index)) !== 0).join(",");
}

/** inet_addr_type, with a device inet_dev_addr_type: only the local table is asked. */
export function addressType(fib: Fib, address: Ipv4, device: Device | null): number {
  if (address === 0 || address === 0xffffffff) return BROADCAST;
  if (isMulticastIpv4(address)) return MULTICAST;
  const route = fib.lookup(address);
  if (route === null || (device !== null && route.device !== device)) return UNICAST;
  if (route.type === "local") return LOCAL;
  if (route.type === "broadcast") return BROADCAST;
  return (route.type as string) === "anycast" ? ANYCAST : UNICAST;
}

class AddrtypeTest implements Test {
  constructor(
    private readonly value: AddrtypeMatch,
    private readonly fib: Fib,
  ) {}

  matches(view: PacketView): boolean {
    const { source, destination, limit } = this.value;
    const device = limit === null ? null : limit === "in" ? view.input : view.output;
    if (
      source !== null &&
      ((addressType(this.fib, view.source, device) & source.types) !== 0) === source.negated
    )
      return false;
    return (
      destination === null ||
      ((addressType(this.fib, view.destination, device) & destination.types) !== 0) !== destination.negated
    );
  }
}

function misplaced(side: string, where: string): RuleRefused {
  return new RuleRefused("EINVAL", `xt_addrtype: ${side} interface limitation not valid in ${where}`);
}

export const addrtypeMatch: MatchExtension<AddrtypeMatch> = {
  name: "addrtype",
  options: [
    { name: "src-type", words: 1, negatable: true },
    { name: "dst-type", words: 1, negatable: true },
    { name: "limit-iface-in", words: 0 },
    { name: "limit-iface-out", words: 0 },
  ],
  parse(given) {
    refuseRepeats("addrtype", given);
    const source = optionNamed(given, "src-type");
    const destination = optionNamed(given, "dst-type");
    const limits = given.filter(({ name }) => name.startsWith("limit-iface-"));
    if (limits.length > 1)
      throw new IncompleteRule(
        'addrtype: option "--limit-iface-in" cannot be used together with "--limit-iface-out".\n',
      );
    const terms = [source, destination].map((option) =>
      option === null ? null : { types: parseTypes(option.words[0]!), negated: option.negated },
    );
    if (source === null && destination === null)
      throw new IncompleteRule("addrtype: you must specify --src-type or --dst-type");
    const limit = limits.length === 0 ? null : limits[0]!.name === "limit-iface-in" ? "in" : "out";
    return { match: "addrtype", source: terms[0]!, destination: terms[1]!, limit };
  },
  save({ source, destination, limit }) {
    const term = (name: string, value: TypeTerm | null) =>
      value === null ? "" : `${value.negated ? " !" : ""} --${name} ${typesText(value.types)}`;
    return `${term("src-type", source)}${term("dst-type", destination)}${limit === null ? "" : ` --limit-iface-${limit}`}`;
  },
  list({ source, destination, limit }) {
    const term = (name: string, value: TypeTerm | null) =>
      value === null ? "" : ` ${name} ${value.negated ? "!" : ""}${typesText(value.types)}`;
    return ` ADDRTYPE match${term("src-type", source)}${term("dst-type", destination)}${limit === null ? "" : ` limit-${limit}`}`;
  },
  check({ limit }, _rule, { hooks }) {
    if (limit === "out" && (hooks.has("PREROUTING") || hooks.has("INPUT")))
      return misplaced("output", "PREROUTING and INPUT");
    return limit === "in" && (hooks.has("POSTROUTING") || hooks.has("OUTPUT"))
      ? misplaced("input", "POSTROUTING and OUTPUT")
      : null;
  },
  compile: (value, netfilter) => new AddrtypeTest(value, netfilter.port.fib),
};
