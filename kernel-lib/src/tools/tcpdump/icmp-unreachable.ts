import type { Dissection } from "./dissection.js";

/** Texts by code; `%` is the destination of the quoted packet. */
const FORMS: readonly (string | null)[] = [
  "net % unreachable",
  "host % unreachable",
  null,
  null,
  null,
  "% unreachable - source route failed",
  "net % unreachable - unknown",
  "host % unreachable - unknown",
  "% unreachable - source host isolated",
  "net % unreachable - admin prohibited",
  "host % unreachable - admin prohibited",
  "net % unreachable - tos prohibited",
  "host % unreachable - tos prohibited",
  "host % unreachable - admin prohibited filter",
  "host % unreachable - host precedence violation",
  "host % unreachable - precedence cutoff",
];

/** What a destination-unreachable message says (RFC 792, 1812). The quoted packet begins 8 bytes behind `at`. */
export function unreachableText(d: Dissection, at: number, code: number): string {
  const quoted = at + 8;
  if (code === 3) return portText(d, quoted);
  const destination = d.ipv4(quoted + 16);
  if (code === 2) return `${destination} protocol ${d.u8(quoted + 9)} unreachable`;
  if (code === 4) {
    const mtu = d.u16(at + 6);
    return `${destination} unreachable - need to frag${mtu !== 0 ? ` (mtu ${mtu})` : ""}`;
  }
  return FORMS[code]?.replace("%", destination) ?? `${destination} unreachable - #${code}`;
}

function portText(d: Dissection, quoted: number): string {
  const port = d.u16(quoted + (d.u8(quoted) & 0xf) * 4 + 2);
  const protocol = d.u8(quoted + 9);
  const destination = d.ipv4(quoted + 16);
  if (protocol === 6) return `${destination} tcp port ${d.port(port, "tcp")} unreachable`;
  if (protocol === 17) return `${destination} udp port ${d.port(port, "udp")} unreachable`;
  return `${destination} protocol ${protocol} port ${port} unreachable`;
}
