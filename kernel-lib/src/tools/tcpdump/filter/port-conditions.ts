import { FilterError } from "./filter-error.js";
import { inDirection } from "./host-conditions.js";
import { hasLinkType, type Layout } from "./layout.js";
import { both, type Condition, either, type FilterMachine } from "./machine.js";
import { portByName } from "./names.js";
import { isFirstFragment } from "./proto-conditions.js";
import { IP_PROTOCOL_NUMBERS, type Qualifier } from "./qualifier.js";

const SCTP = 132;
const TCP = 6;
const UDP = 17;

/** Length of the IPv4 header, as BPF's `ldxb 4*([x]&0xf)`. */
export function ipv4HeaderLength(m: FilterMachine, payload: number): number {
  return (m.u8(payload) & 0xf) * 4;
}

/** `port` and `portrange` with numbers: `low` to `high`, in IPv6 and in first fragments of IPv4 (gen_port, gen_port6). */
export function portCondition(
  layout: Layout,
  low: number,
  high: number,
  protocol: number | null,
  qualifier: Qualifier,
): Condition {
  for (const port of [low, high])
    if (port > 65535) throw new FilterError(`illegal port number ${port} > 65535`);
  const [first, last] = low <= high ? [low, high] : [high, low];
  const within = (port: number) => port >= first && port <= last;
  const protocols = protocol === null ? [SCTP, TCP, UDP] : [protocol];
  const { payload } = layout;
  const ipv6 = both(
    hasLinkType(layout, 0x86dd),
    both(
      (m) => protocols.includes(m.u8(payload + 6)),
      inDirection(
        qualifier.direction,
        (m) => within(m.u16(payload + 40)),
        (m) => within(m.u16(payload + 42)),
      ),
    ),
  );
  const ipv4 = both(
    both(hasLinkType(layout, 0x0800), (m) => protocols.includes(m.u8(payload + 9))),
    both(
      isFirstFragment(layout),
      inDirection(
        qualifier.direction,
        (m) => within(m.u16(payload + ipv4HeaderLength(m, payload))),
        (m) => within(m.u16(payload + ipv4HeaderLength(m, payload) + 2)),
      ),
    ),
  );
  return either(ipv6, ipv4);
}

/** The transport protocol that qualifies a port; null for any. */
export function portProtocol({ protocol, type }: Qualifier): number | null {
  if (protocol === null) return null;
  if (protocol === "tcp" || protocol === "udp" || protocol === "sctp")
    return IP_PROTOCOL_NUMBERS[protocol] ?? null;
  throw new FilterError(`illegal qualifier of '${type}'`);
}

/** `port NAME` (gen_scode). */
export function namedPort(layout: Layout, name: string, qualifier: Qualifier): Condition {
  const wanted = portProtocol(qualifier);
  const found = portByName(name);
  if (found === null) throw new FilterError(`unknown port '${name}'`);
  const protocol = agreed(wanted, found.protocol, `port '${name}'`);
  return portCondition(layout, found.port, found.port, protocol, qualifier);
}

/** `portrange NAME-NAME` (pcap_nametoportrange). */
export function namedPortRange(layout: Layout, name: string, qualifier: Qualifier): Condition {
  const wanted = portProtocol(qualifier);
  const [first = "", ...rest] = name.split("-");
  const low = portByName(first);
  const high = portByName(rest.join("-"));
  if (rest.length === 0 || low === null || high === null)
    throw new FilterError(`unknown port in range '${name}'`);
  const known = low.protocol === high.protocol ? low.protocol : null;
  return portCondition(
    layout,
    low.port,
    high.port,
    agreed(wanted, known, `port in range '${name}'`),
    qualifier,
  );
}

function agreed(wanted: number | null, known: number | null, what: string): number | null {
  if (wanted === null) return known;
  if (known !== null && known !== wanted)
    throw new FilterError(`${what} is ${known === TCP ? "tcp" : known === UDP ? "udp" : "sctp"}`);
  return wanted;
}
