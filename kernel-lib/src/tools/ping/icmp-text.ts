/** Codes of "destination unreachable", in iputils' words (pr_icmph in ping.c). */
const UNREACHABLE = [
  "Destination Net Unreachable",
  "Destination Host Unreachable",
  "Destination Protocol Unreachable",
  "Destination Port Unreachable",
  "",
  "Source Route Failed",
  "Destination Net Unknown",
  "Destination Host Unknown",
  "Source Host Isolated",
  "Destination Net Prohibited",
  "Destination Host Prohibited",
  "Destination Net Unreachable for Type of Service",
  "Destination Host Unreachable for Type of Service",
  "Packet filtered",
  "Precedence Violation",
  "Precedence Cutoff",
];

/** An ICMP error as ping names it. */
export function icmpErrorText(type: number, code: number, mtu: number): string {
  if (type === 3 && code === 4) return `Frag needed and DF set (mtu = ${mtu})`;
  if (type === 3) return UNREACHABLE[code] ?? `Dest Unreachable, Bad Code: ${code}`;
  if (type === 4) return "Source Quench";
  if (type === 5) return code === 0 ? "Redirect Network" : "Redirect Host";
  if (type === 11) return code === 0 ? "Time to live exceeded" : "Frag reassembly time exceeded";
  if (type === 12) return "Parameter problem: pointer = 0";
  return `Bad ICMP type: ${type}`;
}
