import { isLoopbackIpv4, isMulticastIpv4 } from "../base/addresses.js";
import type { Vxlan } from "../link/vxlan.js";
import { isConnected } from "../route/neighbour.js";
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, arp } from "../wire/arp.js";
import { ETHERNET_LENGTH, ETHERTYPE_ARP, ethernet } from "../wire/ethernet.js";
import type { Packet } from "../wire/packet.js";
import type { Netns } from "./netns.js";

/**
 * A VXLAN device with `proxy` answers ARP requests by the neighbour table of its namespace; no ARP packet enters the tunnel, known or not (arp_reduce).
 * True when the packet was ARP, and is taken.
 */
export function answerProxyArp(device: Vxlan, packet: Packet): boolean {
  const { bytes, start } = packet;
  if (ethernet.type.get(bytes, start) !== ETHERTYPE_ARP) return false;
  const at = start + ETHERNET_LENGTH;
  if (
    packet.length >= ETHERNET_LENGTH + ARP_LENGTH &&
    arp.operation.get(bytes, at) === ARP_REQUEST &&
    answer(device, packet)
  )
    return true;
  device.drop(packet, "VXLAN_NO_REMOTE");
  return true;
}

/** Turns the request into its answer, which arrives as if a remote had sent it. False when nobody is known under the address. */
function answer(device: Vxlan, packet: Packet): boolean {
  const { bytes, start } = packet;
  const at = start + ETHERNET_LENGTH;
  const asked = arp.targetIp.get(bytes, at);
  if (isLoopbackIpv4(asked) || isMulticastIpv4(asked)) return false;
  const neighbour = (device.home as Netns).neighbours.find(asked, device);
  if (neighbour === null || neighbour.mac === null || !isConnected(neighbour.state)) return false;
  const sender = arp.senderMac.get(bytes, at);
  ethernet.destination.set(bytes, start, sender);
  ethernet.source.set(bytes, start, neighbour.mac);
  arp.operation.set(bytes, at, ARP_REPLY);
  arp.targetMac.set(bytes, at, sender);
  arp.targetIp.set(bytes, at, arp.senderIp.get(bytes, at));
  arp.senderMac.set(bytes, at, neighbour.mac);
  arp.senderIp.set(bytes, at, asked);
  device.home.world.scheduler.at(device.home.world.scheduler.now + packet.elapsed, arrive, device, packet);
  device.home.cpu.leave(packet);
  return true;
}

function arrive(device: unknown, packet: unknown): void {
  (device as Vxlan).takeUncounted(packet as Packet);
}
