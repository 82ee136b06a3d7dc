import { IPV4_BROADCAST, type Ipv4, isLoopbackIpv4, isMulticastIpv4 } from "../base/addresses.js";
import type { Device } from "../link/device.js";
import type { DropReason } from "../trace/drop-reason.js";
import { ETHERNET_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { ipv4, isFragment } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { receiveArp } from "./arp.js";
import { checkIpv4 } from "./checks.js";
import { deliver } from "./deliver.js";
import { forward } from "./forward.js";
import { passes } from "./hooks.js";
import { sendUnroutable } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop, place } from "./record.js";
import { recordRoute } from "./transmit.js";

/** A frame for the network layer: by EtherType to ARP or IPv4 (__netif_receive_skb_core). Nothing here handles other EtherTypes. */
export function receiveFrame(netns: Netns, packet: Packet, device: Device): void {
  if (packet.length < ETHERNET_LENGTH) {
    drop(netns, packet, "HDR_TRUNC", device.name);
    return;
  }
  const type = ethernet.type.get(packet.bytes, packet.start);
  packet.inputIndex = device.ifindex;
  packet.fragments = null;
  packet.pull(ETHERNET_LENGTH);
  if (type === ETHERTYPE_IPV4) receiveIpv4(netns, packet, device);
  else if (type === ETHERTYPE_ARP) receiveArp(netns, packet, device);
  else {
    // A capture has taken the frame, so it is not counted as dropped.
    if (!device.tapped) device.stats.rxDropped++;
    drop(netns, packet, "UNHANDLED_PROTO", device.name);
  }
}

/** ip_rcv: the header is looked over, then PREROUTING. */
function receiveIpv4(netns: Netns, packet: Packet, device: Device): void {
  netns.counters.ip.InReceives++;
  packet.elapsed += netns.world.costs.ip;
  if (packet.type === "otherhost") {
    drop(netns, packet, "OTHERHOST", device.name);
    return;
  }
  const fault = checkIpv4(packet);
  if (fault !== null) {
    netns.counters.ip.InHdrErrors++;
    drop(netns, packet, fault, "ip input");
    return;
  }
  if (netns.hooks.count !== 0 && !passedOnBridge(packet, device)) {
    if (netns.netfilter.conntrack.active && isFragment(packet.bytes, packet.start)) {
      const whole = netns.reassembly.add(packet, device);
      if (whole === null) return;
      packet = whole;
    }
    if (!passes(netns, "PREROUTING", packet, device, null)) return;
  }
  routeInput(netns, packet, device);
}

/** br_netfilter has shown it to PREROUTING already (ip_sabotage_in). */
function passedOnBridge(packet: Packet, device: Device): boolean {
  return packet.bridgeInput !== "" && device.kind === "bridge";
}

/** Decides whether a packet is for this namespace or goes on (ip_route_input): after PREROUTING. */
export function routeInput(netns: Netns, packet: Packet, device: Device): void {
  const { bytes, start } = packet;
  const source = ipv4.source.get(bytes, start);
  const destination = ipv4.destination.get(bytes, start);
  if (device.kind !== "loopback") {
    const martian = checkMartian(netns, device, source, destination);
    if (martian !== null) {
      drop(netns, packet, martian, "ip input");
      return;
    }
  }
  if (destination === IPV4_BROADCAST || isMulticastIpv4(destination)) {
    receiveGroup(netns, packet, device, source, destination);
    return;
  }
  const path = netns.findPath(destination);
  if (typeof path === "string") {
    sendUnroutable(netns, packet, device, path);
    drop(netns, packet, "IP_INNOROUTES", "ip input");
    return;
  }
  const refused = checkSource(netns, device, source);
  if (refused !== null) {
    drop(netns, packet, refused, "ip input");
    return;
  }
  if (netns.world.recorder !== null) recordRoute(netns, packet, path, source, destination);
  if (path.type === "local") {
    deliver(netns, packet, device);
    return;
  }
  if (path.type === "broadcast") {
    packet.type = "broadcast";
    deliver(netns, packet, device);
    return;
  }
  forward(netns, packet, device, path);
}

/** Broadcast to all, and groups: 224.0.0.1, which every machine belongs to, and those that the device has joined. */
function receiveGroup(netns: Netns, packet: Packet, device: Device, source: Ipv4, destination: Ipv4): void {
  const isBroadcast = destination === IPV4_BROADCAST;
  const { recorder } = netns.world;
  if (recorder !== null && packet.journey !== 0) {
    const decision = isBroadcast ? "broadcast" : "multicast";
    recorder.record({
      kind: "route",
      ...place(netns, packet),
      destination,
      source,
      decision,
      device: device.name,
      via: 0,
      table: "",
      text: "",
    });
  }
  packet.type = isBroadcast ? "broadcast" : "multicast";
  if (isBroadcast || destination === ALL_HOSTS || netns.groups.has(device.ifindex, destination))
    deliver(netns, packet, device);
  else drop(netns, packet, "IP_INVALID_DEST", "ip input");
}

const ALL_HOSTS: Ipv4 = 0xe0000001;

/** Why a packet with these addresses may not come in by a device; null when it may. */
export function sourceFault(
  netns: Netns,
  device: Device,
  source: Ipv4,
  destination: Ipv4,
): DropReason | null {
  return checkMartian(netns, device, source, destination) ?? checkSource(netns, device, source);
}

/** Addresses that cannot be on a wire (ip_route_input_slow). */
function checkMartian(netns: Netns, device: Device, source: Ipv4, destination: Ipv4): DropReason | null {
  if (isMulticastIpv4(source) || source === IPV4_BROADCAST) return "IP_INVALID_SOURCE";
  if (source >>> 24 === 0 && source !== 0) return "IP_INVALID_SOURCE";
  if (source === 0 && destination !== IPV4_BROADCAST && !isMulticastIpv4(destination))
    return "IP_INVALID_SOURCE";
  if (destination >>> 24 === 0) return "IP_INVALID_DEST";
  const localnet = isLoopbackIpv4(source) || isLoopbackIpv4(destination);
  if (localnet && !netns.sysctls.routesLocalnet(device.ifindex)) return "IP_LOCALNET";
  return null;
}

/**
 * Whether the source may come by this device (fib_validate_source): never one of our own, and by rp_filter only from where it is routed to. A device without
 * an address counts as strict even in loose mode.
 */
export function checkSource(netns: Netns, device: Device, source: Ipv4): DropReason | null {
  if (device.kind === "loopback") return null;
  const back = netns.fib.lookup(source);
  if (back !== null && back.type === "local" && !netns.sysctls.acceptsLocal(device.ifindex))
    return "IP_LOCAL_SOURCE";
  const mode = netns.sysctls.reversePathMode(device.ifindex);
  if (mode === 0 || source === 0) return null;
  if (back === null || (back.type !== "unicast" && back.type !== "local")) return "IP_RPFILTER";
  const strict = mode === 1 || device.addresses.length === 0;
  if (strict && back.device !== device) return "IP_RPFILTER";
  return null;
}
