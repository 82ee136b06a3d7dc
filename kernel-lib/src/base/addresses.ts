import { IPv4CidrRange } from "ip-num";

declare const brand: unique symbol;

/** An IPv4 address as an unsigned 32-bit integer in host order: 172.17.0.1 is 0xac110001. */
export type Ipv4 = number & { readonly [brand]?: "Ipv4" };
/** A MAC address as an unsigned 48-bit integer (a double holds it exactly). */
export type Mac = number & { readonly [brand]?: "Mac" };

export const IPV4_ANY: Ipv4 = 0;
export const IPV4_BROADCAST: Ipv4 = 0xffffffff;
export const MAC_BROADCAST: Mac = 0xffffffffffff;
export const MAC_ZERO: Mac = 0;

const DOT = 46;
const ZERO = 48;

/** Reads dotted-quad text. Returns null for anything else (`1.2.3`, `01.2.3.4`, names). A swarm's nodes read hundreds of thousands of them: no pattern, no objects. */
export function tryParseIpv4(text: string): Ipv4 | null {
  const { length } = text;
  if (length < 7 || length > 15) return null;
  let address = 0;
  let groups = 0;
  for (let at = 0; ; at++) {
    const first = at;
    let group = 0;
    for (; at < length && text.charCodeAt(at) !== DOT; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) return null;
      group = group * 10 + digit;
    }
    const digits = at - first;
    if (digits === 0 || digits > 3 || group > 255 || (digits > 1 && text.charCodeAt(first) === ZERO))
      return null;
    address = address * 256 + group;
    groups++;
    if (at === length) return groups === 4 ? address : null;
  }
}

/** Reads dotted-quad text; throws a RangeError in plain words for anything else. */
export function parseIpv4(text: string): Ipv4 {
  const address = tryParseIpv4(text);
  if (address === null) throw new RangeError(`not an IPv4 address: "${text}"`);
  return address;
}

export function formatIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** A network: its first address and the prefix length. `address & mask` is always `address`. */
export interface Cidr {
  readonly address: Ipv4;
  readonly prefix: number;
}

/** An interface address: the address itself, with the prefix of its network. */
export interface InterfaceAddress {
  readonly address: Ipv4;
  readonly prefix: number;
}

export function prefixMask(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

export function contains(network: Cidr, address: Ipv4): boolean {
  return ((address ^ network.address) & prefixMask(network.prefix)) === 0;
}

export function networkOf(at: InterfaceAddress): Cidr {
  return { address: (at.address & prefixMask(at.prefix)) >>> 0, prefix: at.prefix };
}

export function broadcastOf(at: InterfaceAddress): Ipv4 {
  return (at.address | ~prefixMask(at.prefix)) >>> 0;
}

/** Reads `172.17.0.1/16` or a bare address (then /32). Returns null when it is neither. */
export function tryParseInterfaceAddress(text: string): InterfaceAddress | null {
  const [head = "", tail, ...rest] = text.split("/");
  const address = tryParseIpv4(head);
  if (address === null || rest.length > 0) return null;
  if (tail === undefined) return { address, prefix: 32 };
  if (!/^\d{1,2}$/.test(tail) || Number(tail) > 32) return null;
  return { address, prefix: Number(tail) };
}

/** Reads a network; host bits must be zero unless `loose`. Throws a RangeError in plain words. */
export function parseCidr(text: string, { loose = false } = {}): Cidr {
  const at = tryParseInterfaceAddress(text);
  if (at === null) throw new RangeError(`not an IPv4 network: "${text}"`);
  const network = networkOf(at);
  if (!loose && network.address !== at.address) {
    throw new RangeError(`"${text}" has host bits set; the network is ${formatCidr(network)}`);
  }
  return network;
}

export function formatCidr({ address, prefix }: Cidr | InterfaceAddress): string {
  return `${formatIpv4(address)}/${prefix}`;
}

/** First and last address of a network, by ip-num. */
export function rangeOf(network: Cidr): { first: Ipv4; last: Ipv4 } {
  const range = IPv4CidrRange.fromCidr(formatCidr(network));
  return { first: Number(range.getFirst().getValue()), last: Number(range.getLast().getValue()) };
}

/** Reads `02:42:ac:11:00:02` (one or two hex digits a group). Returns null for anything else. */
export function tryParseMac(text: string): Mac | null {
  if (!/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(text)) return null;
  if (text.length === 17) return Number.parseInt(text.replaceAll(":", ""), 16);
  return text.split(":").reduce((mac, group) => mac * 256 + Number.parseInt(group, 16), 0);
}

export function parseMac(text: string): Mac {
  const mac = tryParseMac(text);
  if (mac === null) throw new RangeError(`not a MAC address: "${text}"`);
  return mac;
}

export function formatMac(mac: Mac): string {
  const hex = mac.toString(16).padStart(12, "0");
  return `${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}:${hex.slice(8, 10)}:${hex.slice(10)}`;
}

/** The group bit: the lowest bit of the first byte (IEEE 802). */
export function isMulticastMac(mac: Mac): boolean {
  return (Math.floor(mac / 2 ** 40) & 1) === 1;
}

/** True for 224.0.0.0/4. */
export function isMulticastIpv4(address: Ipv4): boolean {
  return address >>> 28 === 0xe;
}

/** True for 127.0.0.0/8. */
export function isLoopbackIpv4(address: Ipv4): boolean {
  return address >>> 24 === 127;
}
