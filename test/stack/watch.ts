import { formatIpv4, formatMac } from "../../kernel-lib/src/base/addresses.js";
import type { Device } from "../../kernel-lib/src/link/device.js";
import { arp } from "../../kernel-lib/src/wire/arp.js";
import { ethernet } from "../../kernel-lib/src/wire/ethernet.js";
import { ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import type { Packet } from "../../kernel-lib/src/wire/packet.js";

/** Writes one line for each frame of a device. */
export function watch(device: Device): { readonly lines: string[] } {
  const lines: string[] = [];
  device.addTap((_device, packet, direction) => lines.push(`${direction} ${describeFrame(packet)}`));
  return { lines };
}

export function describeFrame(packet: Packet): string {
  const { bytes, start } = packet;
  const head = `${formatMac(ethernet.source.get(bytes, start))} > ${formatMac(ethernet.destination.get(bytes, start))}`;
  const at = start + 14;
  const type = ethernet.type.get(bytes, start);
  if (type === 0x0806) {
    const asks = arp.operation.get(bytes, at) === 1;
    const sender = formatIpv4(arp.senderIp.get(bytes, at));
    if (asks) return `${head} ARP who-has ${formatIpv4(arp.targetIp.get(bytes, at))} tell ${sender}`;
    return `${head} ARP reply ${sender} is-at ${formatMac(arp.senderMac.get(bytes, at))}`;
  }
  if (type !== 0x0800) return `${head} type ${type.toString(16)}`;
  const flags = ipv4.dontFragment.get(bytes, at) === 1 ? " DF" : "";
  const more = ipv4.moreFragments.get(bytes, at) === 1;
  const offset = ipv4.fragmentOffset.get(bytes, at) * 8;
  const fragment = more || offset > 0 ? ` frag ${offset}${more ? "+" : ""}` : "";
  const ends = `${formatIpv4(ipv4.source.get(bytes, at))} > ${formatIpv4(ipv4.destination.get(bytes, at))}`;
  const length = ipv4.totalLength.get(bytes, at);
  const tos = ipv4.tos.get(bytes, at) === 0 ? "" : ` tos 0x${ipv4.tos.get(bytes, at).toString(16)}`;
  const protocol = ipv4.protocol.get(bytes, at);
  return `${head} IPv4 ${ends} proto ${protocol}${tos} ttl ${ipv4.ttl.get(bytes, at)}${flags} length ${length}${fragment}`;
}
