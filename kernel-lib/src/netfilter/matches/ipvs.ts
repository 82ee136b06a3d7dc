import type { Packet } from "../../wire/packet.js";
import { parseHostMask } from "../addresses.js";
import type { Balanced } from "../balanced.js";
import { isReply } from "../conntrack/connection.js";
import type { GivenOption, MatchExtension, NameSource, ParseContext, Test } from "../extension.js";
import type { Netfilter } from "../netfilter.js";
import { optionNamed } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { resolvePort } from "../ports.js";
import { parseProtocol } from "../protocols.js";
import { IncompleteRule, type MatchValue, RuleError } from "../rule.js";
import { type NetworkTerm, networkText } from "./conntrack.js";

const METHODS = ["GATE", "IPIP", "MASQ"] as const;

interface NumberTerm {
  readonly number: number;
  readonly negated: boolean;
}

/** `-m ipvs`: what the kernel's load balancer knows of a packet's connection (xt_ipvs.c). */
export interface IpvsMatch extends MatchValue {
  readonly match: "ipvs";
  /** `--ipvs`: the packet belongs to a balanced connection. Every other option says so as well. */
  readonly property: { readonly negated: boolean } | null;
  readonly protocol: NumberTerm | null;
  readonly virtualAddress: NetworkTerm | null;
  readonly virtualPort: NumberTerm | null;
  readonly direction: "ORIGINAL" | "REPLY" | null;
  readonly method: { readonly name: (typeof METHODS)[number]; readonly negated: boolean } | null;
  /** Port of the connection that leads this one, as FTP's control leads its data. */
  readonly controlPort: NumberTerm | null;
}

const METHOD_OF = { masq: "MASQ", route: "GATE", tunnel: "IPIP" } as const;

/** As ipvs_mt asks: nothing but `--ipvs` holds for a packet that IPVS has not handled, negated or not. */
class IpvsTest implements Test {
  constructor(
    private readonly value: IpvsMatch,
    private readonly netfilter: Netfilter,
  ) {}

  matches({ packet, protocol }: PacketView): boolean {
    const { value, netfilter } = this;
    if (value.property !== null) return packet.balanced !== value.property.negated;
    if (!packet.balanced) return false;
    if (value.protocol !== null && (protocol === value.protocol.number) === value.protocol.negated)
      return false;
    const found = netfilter.balance?.(packet) ?? null;
    return found !== null && this.fits(found, packet);
  }

  private fits({ virtual, virtualPort, method, controlPort }: Balanced, packet: Packet): boolean {
    const { value } = this;
    const agrees = (term: NumberTerm | null, number: number | null) =>
      term === null || (number === term.number) !== term.negated;
    if (!agrees(value.virtualPort, virtualPort) || !agrees(value.controlPort, controlPort)) return false;
    if (value.direction !== null) {
      if (packet.connection === null) return false;
      if (isReply(packet.connectionInfo) !== (value.direction === "REPLY")) return false;
    }
    if (value.method !== null && (METHOD_OF[method] === value.method.name) === value.method.negated)
      return false;
    const { virtualAddress } = value;
    if (virtualAddress === null) return true;
    const { address, mask, negated } = virtualAddress;
    return (((virtual ^ address) & mask) === 0) !== negated;
  }
}

/** A word out of a list, whatever its case. */
function choice<T extends string>(option: GivenOption | null, words: readonly T[]): T | null {
  if (option === null) return null;
  const word = words.find((one) => one === option.words[0]!.toUpperCase());
  if (word === undefined)
    throw new RuleError(`ipvs: Bad value for "--${option.name}" option: "${option.words[0]}"`);
  return word;
}

function parse(given: readonly GivenOption[], context: ParseContext): IpvsMatch {
  const option = (name: string) => optionNamed(given, name);
  const number = (name: string, read: (text: string) => number): NumberTerm | null => {
    const one = option(name);
    return one === null ? null : { number: read(one.words[0]!), negated: one.negated };
  };
  const protocolNumber = (text: string) => {
    const found = parseProtocol(text);
    if (found === null) throw new RuleError(`unknown protocol "${text}" specified`);
    return found;
  };
  const port = (text: string) => resolvePort(text, context);
  const [property, address, method] = [option("ipvs"), option("vaddr"), option("vmethod")];
  const value: IpvsMatch = {
    match: "ipvs",
    property: property === null ? null : { negated: property.negated },
    protocol: number("vproto", protocolNumber),
    virtualAddress:
      address === null
        ? null
        : {
            ...parseHostMask("ipvs", "vaddr", address.words[0]!, context.names),
            negated: address.negated,
          },
    virtualPort: number("vport", port),
    direction: choice(option("vdir"), ["ORIGINAL", "REPLY"] as const),
    method: method === null ? null : { name: choice(method, METHODS)!, negated: method.negated },
    controlPort: number("vportctl", port),
  };
  if (given.length === 0) throw new IncompleteRule("IPVS: At least one option is required");
  if (value.property === null || given.length === 1) return value;
  if (value.property.negated) throw new IncompleteRule("! --ipvs cannot be together with other options");
  return { ...value, property: null };
}

function print(value: IpvsMatch, prefix: string, names: NameSource | null): string {
  const term = (name: string, one: { readonly negated: boolean } | null, text: string) =>
    one === null ? "" : `${one.negated ? " !" : ""} ${prefix}${name}${text}`;
  const { property, protocol, virtualAddress, virtualPort, direction, method, controlPort } = value;
  return (
    term("ipvs", property, "") +
    term("vproto", protocol, ` ${protocol?.number}`) +
    term("vaddr", virtualAddress, virtualAddress === null ? "" : ` ${networkText(virtualAddress, names)}`) +
    term("vport", virtualPort, ` ${virtualPort?.number}`) +
    (direction === null ? "" : ` ${prefix}vdir ${direction}`) +
    term("vmethod", method, ` ${method?.name}`) +
    term("vportctl", controlPort, ` ${controlPort?.number}`)
  );
}

export const ipvsMatch: MatchExtension<IpvsMatch> = {
  name: "ipvs",
  options: [
    { name: "ipvs", words: 0, negatable: true },
    { name: "vproto", words: 1, negatable: true },
    { name: "vaddr", words: 1, negatable: true },
    { name: "vport", words: 1, negatable: true },
    { name: "vdir", words: 1 },
    { name: "vmethod", words: 1, negatable: true },
    { name: "vportctl", words: 1, negatable: true },
  ],
  parse,
  save: (value) => print(value, "--", null),
  list: (value, names) => print(value, "", names),
  compile: (value, netfilter) => new IpvsTest(value, netfilter),
};
