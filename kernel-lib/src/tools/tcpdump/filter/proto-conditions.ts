import { FilterError } from "./filter-error.js";
import { hasLinkType, type Layout } from "./layout.js";
import { both, type Condition, either } from "./machine.js";
import { IP_PROTOCOL_NUMBERS, LINK_PROTOCOL_NUMBERS, type Protocol, type Qualifier } from "./qualifier.js";

const IPPROTO_FRAGMENT = 44;

/** `ip proto N` (gen_proto for Q_IP). */
export function ipv4Carries(layout: Layout, protocol: number): Condition {
  return both(hasLinkType(layout, 0x0800), (m) => m.u8(layout.payload + 9) === protocol);
}

/** `ip6 proto N`: as next header, or behind one fragment header. */
export function ipv6Carries(layout: Layout, protocol: number): Condition {
  const { payload } = layout;
  return both(
    hasLinkType(layout, 0x86dd),
    either(
      (m) => m.u8(payload + 6) === protocol,
      both(
        (m) => m.u8(payload + 6) === IPPROTO_FRAGMENT,
        (m) => m.u8(payload + 40) === protocol,
      ),
    ),
  );
}

/** `tcp`, `arp`, `ip6` … standing alone (gen_proto_abbrev). */
export function carries(layout: Layout, protocol: Protocol): Condition {
  if (protocol === "link") throw new FilterError("link layer applied in wrong context");
  if (protocol === "radio") throw new FilterError("'radio' is not a valid protocol type");
  const linkType = LINK_PROTOCOL_NUMBERS[protocol];
  if (linkType !== undefined) return hasLinkType(layout, linkType);
  const number = IP_PROTOCOL_NUMBERS[protocol] ?? 0;
  if (protocol === "icmp6") return ipv6Carries(layout, number);
  if (["icmp", "igmp", "igrp", "vrrp", "carp"].includes(protocol)) return ipv4Carries(layout, number);
  return either(ipv4Carries(layout, number), ipv6Carries(layout, number));
}

/** `ip proto N`, `ether proto N`, `proto N` (gen_proto). */
export function protoCondition(layout: Layout, value: number, { protocol, direction }: Qualifier): Condition {
  if (direction !== null) throw new FilterError("direction applied to 'proto'");
  switch (protocol) {
    case null:
      return either(ipv4Carries(layout, value), ipv6Carries(layout, value));
    case "link":
      return hasLinkType(layout, value);
    case "ip":
      return ipv4Carries(layout, value);
    case "ip6":
      return ipv6Carries(layout, value);
    case "arp":
    case "rarp":
      throw new FilterError(`${protocol} does not encapsulate another protocol`);
    default:
      throw new FilterError(`'${protocol} proto' is bogus`);
  }
}

/** Not a fragment other than the first: its transport header is there (gen_ipfrag). */
export function isFirstFragment(layout: Layout): Condition {
  return (m) => (m.u16(layout.payload + 6) & 0x1fff) === 0;
}
