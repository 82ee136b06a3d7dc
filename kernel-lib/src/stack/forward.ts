import type { Device } from "../link/device.js";
import { segmentLength } from "../link/offload.js";
import type { Path } from "../route/path.js";
import { decrementTtl, ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { passes } from "./hooks.js";
import { sendFragmentationNeeded, sendRedirect, sendTimeExceeded } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop, place } from "./record.js";
import { output } from "./transmit.js";

/** Passes a packet on (ip_forward): TTL, MTU, FORWARD, then out. Order as in the kernel: the redirect is sent before FORWARD. */
export function forward(netns: Netns, packet: Packet, device: Device, path: Path): void {
  if (!netns.sysctls.forwards(device.ifindex)) {
    drop(netns, packet, "IP_FORWARDING_DISABLED", "ip forward");
    return;
  }
  if (packet.type !== "host") {
    drop(netns, packet, "UNICAST_IN_L2_MULTICAST", "ip forward");
    return;
  }
  packet.elapsed += netns.world.costs.forward;
  netns.counters.ip.ForwDatagrams++;
  const { bytes, start } = packet;
  if (ipv4.ttl.get(bytes, start) <= 1) {
    netns.counters.ip.InHdrErrors++;
    sendTimeExceeded(netns, packet, 0);
    drop(netns, packet, "IP_TTL_EXPIRED", "ip forward");
    return;
  }
  if (exceedsMtu(packet, path.mtu)) {
    netns.counters.ip.FragFails++;
    sendFragmentationNeeded(netns, packet, path.mtu);
    drop(netns, packet, "PKT_TOO_BIG", "ip forward");
    return;
  }
  decrementTtl(bytes, start);
  if (path.device === device) sendRedirect(netns, packet, device, path);
  const { recorder } = netns.world;
  if (recorder !== null && packet.journey !== 0) {
    recorder.record({ kind: "forward", ...place(netns, packet), ttl: ipv4.ttl.get(bytes, start) });
  }
  if (netns.hooks.count !== 0 && !passes(netns, "FORWARD", packet, device, path.device)) return;
  output(netns, packet, path, device);
}

/** ip_exceeds_mtu: what came in fragments goes on in fragments, and only these must fit; so must the segments of a super-packet. */
function exceedsMtu(packet: Packet, mtu: number): boolean {
  if (packet.gsoSize !== 0 && segmentLength(packet, packet.start) <= mtu) return false;
  if (packet.length <= mtu || ipv4.dontFragment.get(packet.bytes, packet.start) === 0) return false;
  return packet.fragments === null || packet.fragments.longest > mtu;
}
