import { bits, type Dissection, hex } from "./dissection.js";
import { hexDump } from "./dumps.js";
import { printNeighbourOptions } from "./icmp6-options.js";
import { printListenerQuery, printListenerReport } from "./mld.js";
import { type Carrier, shouldBe, transportSum } from "./sums.js";

const ICMPV6 = 58;
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, "destination unreachable"],
  [2, "packet too big"],
  [3, "time exceeded in-transit"],
  [4, "parameter problem"],
  [128, "echo request"],
  [129, "echo reply"],
  [130, "multicast listener query"],
  [131, "multicast listener report"],
  [132, "multicast listener done"],
  [133, "router solicitation"],
  [134, "router advertisement"],
  [135, "neighbor solicitation"],
  [136, "neighbor advertisement"],
  [137, "redirect"],
  [138, "router renumbering"],
  [143, "multicast listener report v2"],
  [200, "mtrace response"],
  [201, "mtrace message"],
]);
/** Types that give their length right after the name, with -v. */
const LENGTH_FIRST = [133, 134, 135, 136, 137];
const UNREACHABLE = [
  "unreachable route",
  " unreachable prohibited",
  "beyond scope",
  "unreachable address",
  "unreachable port",
];
const RA_FLAGS = [
  [0x80, "managed"],
  [0x40, "other stateful"],
  [0x20, "home agent"],
  [0x02, "ipv6 only"],
] as const;
const NA_FLAGS = [
  [0x80, "router"],
  [0x40, "solicited"],
  [0x20, "override"],
] as const;
const ROUTE_PREFERENCES = ["medium", "high", "rsv", "low"];
const PARAMETER = [", erroneous", ", next header", ", option", ", incomplete header chain"];

/** Prints an ICMPv6 message (RFC 4443, 4861, 3810; print-icmp6.c), as far as Linux sends them by itself. */
export function printIcmp6(
  d: Dissection,
  carrier: Carrier,
  at: number,
  length: number,
  fragmented: boolean,
): void {
  d.protocol = "icmp6";
  if (length === 0) {
    d.print("ICMP6, length 0");
    d.invalid();
    return;
  }
  const { verbose } = d.options;
  if (verbose > 0 && !fragmented && d.has(at, length)) {
    const sum = transportSum(d, carrier, ICMPV6, at, length);
    const found = d.u16(at + 2);
    if (sum === 0) d.print("[icmp6 sum ok] ");
    else d.print(`[bad icmp6 cksum 0x${hex(found, 4)} -> 0x${hex(shouldBe(found, sum), 4)}!] `);
  }
  const type = d.u8(at);
  d.print(`ICMP6, ${TYPES.get(type) ?? `unknown icmp6 type (${type})`}`);
  if (verbose > 0 && LENGTH_FIRST.includes(type)) d.print(`, length ${length}`);
  const outcome = printBody(d, at, length, type);
  if (outcome === "truncated") d.truncated();
  if (outcome === "done" && verbose === 0) d.print(`, length ${length}`);
}

/** Prints what is behind the name. "ended" means that not even the length is to follow. */
function printBody(d: Dissection, at: number, length: number, type: number): "done" | "ended" | "truncated" {
  const code = d.u8(at + 1);
  const { verbose } = d.options;
  const options = (size: number) =>
    verbose === 0 || printNeighbourOptions(d, at + size, length - size) ? "done" : "truncated";
  switch (type) {
    case 1:
      return printUnreachable(d, at, length, code);
    case 2:
      d.print(`, mtu ${d.u32(at + 4)}`);
      return "done";
    case 3:
      d.print(
        code === 0 ? ` for ${d.ipv6(at + 32)}` : code === 1 ? " (reassembly)" : `, unknown code (${code})`,
      );
      return "done";
    case 4:
      if (!d.has(at + 32, 16)) return "truncated";
      d.print(
        PARAMETER[code] === undefined ? `, code-#${code}` : `${PARAMETER[code]} - octet ${d.u32(at + 4)}`,
      );
      return "done";
    case 128:
    case 129:
      d.print(`, id ${d.u16(at + 4)}, seq ${d.u16(at + 6)}`);
      return "done";
    case 130:
    case 131:
    case 132:
    case 143:
      if (type === 143) printListenerReport(d, at, length);
      else printListenerQuery(d, at, length, type);
      return "done";
    case 133:
      return options(8);
    case 134: {
      if (verbose === 0) return "done";
      const flags = d.u8(at + 5);
      d.print(
        `\n\thop limit ${d.u8(at + 4)}, Flags [${bits(RA_FLAGS, flags, "none", ", ")}]` +
          `, pref ${ROUTE_PREFERENCES[(flags & 0x18) >>> 3]}, router lifetime ${d.u16(at + 6)}s` +
          `, reachable time ${d.u32(at + 8)}ms, retrans timer ${d.u32(at + 12)}ms`,
      );
      return options(16);
    }
    case 135:
      d.print(`, who has ${d.ipv6(at + 8)}`);
      return options(24);
    case 136:
      d.print(`, tgt is ${d.ipv6(at + 8)}`);
      if (verbose > 0) d.print(`, Flags [${bits(NA_FLAGS, d.u8(at + 4), "none", ", ")}]`);
      return options(24);
    case 137:
      d.print(`, ${d.ipv6(at + 24)} to ${d.ipv6(at + 8)}`);
      return options(40);
    default:
      d.print(`, length ${length}`);
      if (verbose <= 1) hexDump(d, "\n\t", at, length);
      return "ended";
  }
}

function printUnreachable(
  d: Dissection,
  at: number,
  length: number,
  code: number,
): "done" | "ended" | "truncated" {
  d.print(`, ${UNREACHABLE[code] ?? `unknown unreach code (${code})`}`);
  if (code === 0 || code === 1 || code === 3) d.print(` ${d.ipv6(at + 32)}`);
  else if (code === 2) d.print(` ${d.ipv6(at + 32)}, source address ${d.ipv6(at + 16)}`);
  else if (code === 4) {
    const protocol = d.has(at + 14, 1) ? d.u8(at + 14) : 0;
    if ((protocol !== 6 && protocol !== 17) || !d.has(at + 50, 2)) return "truncated";
    const name = protocol === 6 ? "tcp" : "udp";
    d.print(`, ${d.ipv6(at + 32)} ${name} port ${d.port(d.u16(at + 50), name)}`);
  } else if (d.options.verbose <= 1) {
    hexDump(d, "\n\t", at, length);
    return "ended";
  }
  return "done";
}
