import { FilterError } from "./filter-error.js";
import { hasLinkType, type Layout } from "./layout.js";
import { both, type Condition, either } from "./machine.js";
import type { Direction, Protocol, Qualifier } from "./qualifier.js";

/** Joins a test of the source and one of the destination as the direction asks; none means either. */
export function inDirection(
  direction: Direction | null,
  source: Condition,
  destination: Condition,
): Condition {
  if (direction === "src") return source;
  if (direction === "dst") return destination;
  return direction === "and" ? both(source, destination) : either(source, destination);
}

/** IPv4 `host` and `net`: in IPv4 headers, and as sender and target of ARP and RARP (gen_host). */
export function ipv4Host(layout: Layout, address: number, mask: number, qualifier: Qualifier): Condition {
  const { protocol, direction } = qualifier;
  const test = (type: number, source: number, destination: number) =>
    addressTest(layout, address, mask, direction, type, source, destination);
  switch (protocol) {
    case null:
      return either(either(test(0x0800, 12, 16), test(0x0806, 14, 24)), test(0x8035, 14, 24));
    case "ip":
      return test(0x0800, 12, 16);
    case "arp":
      return test(0x0806, 14, 24);
    case "rarp":
      return test(0x8035, 14, 24);
    case "ip6":
      throw new FilterError("'ip6' modifier applied to ip host");
    default:
      throw wrongProtocol(protocol, qualifier, "");
  }
}

function addressTest(
  layout: Layout,
  address: number,
  mask: number,
  direction: Direction | null,
  type: number,
  source: number,
  destination: number,
): Condition {
  const at = (offset: number): Condition => {
    const place = layout.payload + offset;
    const carried = hasLinkType(layout, type);
    return mask === 0 ? carried : both(carried, (m) => (m.u32(place) & mask) >>> 0 === address);
  };
  return inDirection(direction, at(source), at(destination));
}

/** IPv6 `host` and `net` (gen_host6). */
export function ipv6Host(
  layout: Layout,
  address: Uint8Array,
  prefix: number,
  qualifier: Qualifier,
): Condition {
  const { protocol, direction } = qualifier;
  if (protocol !== null && protocol !== "ip6") throw wrongProtocol(protocol, qualifier, "ip6 ");
  const at = (offset: number): Condition => {
    const place = layout.payload + offset;
    return both(hasLinkType(layout, 0x86dd), (m) => {
      for (let bit = 0; bit < prefix; bit += 8) {
        const mask = prefix - bit >= 8 ? 0xff : (0xff << (8 - (prefix - bit))) & 0xff;
        if ((m.u8(place + bit / 8) & mask) !== ((address[bit / 8] ?? 0) & mask)) return false;
      }
      return true;
    });
  };
  return inDirection(direction, at(8), at(24));
}

function wrongProtocol(protocol: Protocol, { type }: Qualifier, family: string): FilterError {
  const what = type === "net" ? "net" : "host";
  if (protocol === "link") return new FilterError(`link-layer modifier applied to ${family}${what}`);
  return new FilterError(`'${protocol}' modifier applied to ${family}${what}`);
}

/** `ether host`: six bytes of the Ethernet header (gen_ehostop). */
export function etherHost(layout: Layout, mac: readonly number[], direction: Direction | null): Condition {
  if (!layout.isEthernet) {
    throw new FilterError(
      "ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel",
    );
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  const low = ((c << 24) | (d << 16) | (e << 8) | f) >>> 0;
  const at = (offset: number): Condition =>
    both(
      (m) => m.u32(offset + 2) === low,
      (m) => m.u16(offset) === ((a << 8) | b),
    );
  return inDirection(direction, at(6), at(0));
}

/** `broadcast`, `ether broadcast`, `ip broadcast` (gen_broadcast). */
export function broadcast(layout: Layout, protocol: Protocol | null, netmask: number): Condition {
  if (protocol === null || protocol === "link") {
    if (!layout.isEthernet) throw new FilterError("not a broadcast link");
    return etherHost(layout, [255, 255, 255, 255, 255, 255], "dst");
  }
  if (protocol !== "ip") throw new FilterError("only link-layer/IP broadcast filters supported");
  const host = ~netmask >>> 0;
  return both(hasLinkType(layout, 0x0800), (m) => {
    const bits = (m.u32(layout.payload + 16) & host) >>> 0;
    return bits === 0 || bits === host;
  });
}

/** `multicast`, `ether multicast`, `ip multicast`, `ip6 multicast` (gen_multicast). */
export function multicast(layout: Layout, protocol: Protocol | null): Condition {
  const { payload } = layout;
  if ((protocol === null || protocol === "link") && layout.isEthernet) return (m) => (m.u8(0) & 1) !== 0;
  if (protocol === "ip") return both(hasLinkType(layout, 0x0800), (m) => m.u8(payload + 16) >= 224);
  if (protocol === "ip6") return both(hasLinkType(layout, 0x86dd), (m) => m.u8(payload + 24) === 255);
  throw new FilterError(
    "link-layer multicast filters supported only on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel",
  );
}
