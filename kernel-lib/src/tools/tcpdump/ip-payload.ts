import type { Dissection } from "./dissection.js";
import { printIcmp } from "./icmp.js";
import { printIcmp6 } from "./icmp6.js";
import { ipProtocolName } from "./ip-protocol-names.js";
import { IP_PROTOCOL_NAMES } from "./protocol-names.js";
import type { Carrier } from "./sums.js";
import { printTcp } from "./tcp.js";
import { printUdp } from "./udp.js";

/** Prints what an IP header carries (ip_demux_print). Protocols that no lab sends are named only. */
export function printIpPayload(
  d: Dissection,
  carrier: Carrier,
  protocol: number,
  at: number,
  length: number,
  fragmented: boolean,
): void {
  switch (protocol) {
    case 1:
      if (carrier.version === 4) printIcmp(d, at, length, fragmented);
      else wrongVersion(d, protocol, "IPv4");
      return;
    case 4:
      d.dissectors.ipv4(d, at, length);
      return;
    case 6:
      printTcp(d, carrier, at, length, fragmented);
      return;
    case 17:
      printUdp(d, carrier, at, length, fragmented);
      return;
    case 41:
      d.dissectors.ipv6(d, at, length);
      return;
    case 58:
      if (carrier.version === 6) printIcmp6(d, carrier, at, length, fragmented);
      else wrongVersion(d, protocol, "IPv6");
      return;
    case 59:
      d.print("no next header");
      return;
    case 77:
      d.print(` nd ${length}`);
      return;
    default:
      d.print(` ${ipProtocolName(d, protocol)} ${length}`);
  }
}

function wrongVersion(d: Dissection, protocol: number, wanted: string): void {
  d.print(`[${IP_PROTOCOL_NAMES.get(protocol) ?? "unknown"} requires ${wanted}]`);
  d.invalid();
}
