import {
  formatIpv4,
  formatMac,
  type Ipv4,
  isLoopbackIpv4,
  isMulticastIpv4,
  MAC_BROADCAST,
  type Mac,
} from "../base/addresses.js";
import type { Device } from "../link/device.js";
import type { Neighbour } from "../route/neighbour.js";
import { ARP_LENGTH, ARP_REPLY, ARP_REQUEST, arp } from "../wire/arp.js";
import { ETHERNET_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { recordDelivery } from "./deliver.js";
import { selectAddress } from "./find-path.js";
import type { Netns } from "./netns.js";
import { checkSource } from "./receive.js";
import { drop, place } from "./record.js";

/** An ARP packet to make (arp_create). */
export interface ArpMessage {
  readonly operation: number;
  readonly senderMac: Mac;
  readonly senderIp: Ipv4;
  /** Zero in requests: that is what is asked for. */
  readonly targetMac: Mac;
  readonly targetIp: Ipv4;
  /** Destination of the frame. */
  readonly to: Mac;
}

/** Makes an ARP packet and sends it by a device. `cause`: the packet that asked for it. */
export function sendArp(
  netns: Netns,
  device: Device,
  message: ArpMessage,
  cause: Packet | null = null,
): void {
  const packet = netns.world.packets.take(ETHERNET_LENGTH + ARP_LENGTH);
  const at = packet.put(ETHERNET_LENGTH + ARP_LENGTH);
  const { bytes } = packet;
  ethernet.destination.set(bytes, at, message.to);
  ethernet.source.set(bytes, at, device.mac);
  ethernet.type.set(bytes, at, ETHERTYPE_ARP);
  const body = at + ETHERNET_LENGTH;
  arp.hardware.set(bytes, body, 1);
  arp.protocol.set(bytes, body, ETHERTYPE_IPV4);
  arp.hardwareLength.set(bytes, body, 6);
  arp.protocolLength.set(bytes, body, 4);
  arp.operation.set(bytes, body, message.operation);
  arp.senderMac.set(bytes, body, message.senderMac);
  arp.senderIp.set(bytes, body, message.senderIp);
  arp.targetMac.set(bytes, body, message.targetMac);
  arp.targetIp.set(bytes, body, message.targetIp);
  packet.journey = netns.world.nextJourney();
  netns.cpu.enter(packet);
  if (cause !== null && cause.elapsed > packet.elapsed) packet.elapsed = cause.elapsed;
  packet.elapsed += netns.world.costs.arp;
  recordArp(netns, packet, message, cause?.journey ?? 0);
  device.transmit(packet);
}

function recordArp(netns: Netns, packet: Packet, message: ArpMessage, cause: number): void {
  const { recorder } = netns.world;
  if (recorder === null) return;
  const asks = message.operation === ARP_REQUEST;
  const summary = asks
    ? `ARP who has ${formatIpv4(message.targetIp)}? tell ${formatIpv4(message.senderIp)}`
    : `ARP ${formatIpv4(message.senderIp)} is at ${formatMac(message.senderMac)}`;
  recorder.record({ kind: "born", ...place(netns, packet), by: "kernel", summary, cause });
}

/** Asks for a neighbour (arp_solicit): to its last known MAC, or to everyone. `packet` is the one that waits, with its IPv4 header at `start`. */
export function solicit(netns: Netns, neighbour: Neighbour, mac: Mac | null, packet: Packet | null): void {
  const { device, address } = neighbour;
  const senderIp = askingAddress(netns, device, address, packet);
  const message = {
    operation: ARP_REQUEST,
    senderMac: device.mac,
    senderIp,
    targetMac: 0,
    targetIp: address,
    to: mac ?? MAC_BROADCAST,
  };
  sendArp(netns, device, message, packet);
}

/** The sender address of a request, by arp_announce: 0 the packet's own source, 1 the same if it is in the target's network, 2 the device's best. */
function askingAddress(netns: Netns, device: Device, target: Ipv4, packet: Packet | null): Ipv4 {
  const mode = netns.sysctls.arpAnnounce(device.ifindex);
  if (packet !== null && mode < 2) {
    const source = ipv4.source.get(packet.bytes, packet.start);
    const near = device.addresses.some(
      (at) => (at.address ^ target) >>> (32 - at.prefix) === 0 && at.address === source,
    );
    if (netns.isLocal(source) && (mode === 0 || near)) return source;
  }
  return selectAddress(netns, device, target, "link");
}

/** Tells everyone that an address is here (a gratuitous ARP request, as arp_notify and `arping -A` send). */
export function announce(netns: Netns, device: Device, address: Ipv4): void {
  const message = {
    operation: ARP_REQUEST,
    senderMac: device.mac,
    senderIp: address,
    targetMac: 0,
    targetIp: address,
    to: MAC_BROADCAST,
  };
  sendArp(netns, device, message, null);
}

/** An ARP packet has come (arp_rcv, arp_process); `packet.start` is at it. */
export function receiveArp(netns: Netns, packet: Packet, device: Device): void {
  const { bytes, start } = packet;
  packet.elapsed += netns.world.costs.arp;
  if (packet.type === "otherhost" || device.kind === "loopback" || !device.arp) {
    drop(netns, packet, "OTHERHOST", device.name);
    return;
  }
  if (packet.length < ARP_LENGTH || !isWellFormed(bytes, start)) {
    drop(netns, packet, "ARP_INVALID", device.name);
    return;
  }
  const operation = arp.operation.get(bytes, start);
  const targetIp = arp.targetIp.get(bytes, start);
  const localnet = isLoopbackIpv4(targetIp) && !netns.sysctls.routesLocalnet(device.ifindex);
  if ((operation !== ARP_REQUEST && operation !== ARP_REPLY) || isMulticastIpv4(targetIp) || localnet) {
    drop(netns, packet, "ARP_INVALID", device.name);
    return;
  }
  recordDelivery(netns, packet, "arp", "kernel");
  netns.cpu.leave(packet);
  processArp(netns, packet, device, operation, targetIp);
  packet.release();
}

function isWellFormed(bytes: Uint8Array, at: number): boolean {
  const lengths = arp.hardwareLength.get(bytes, at) === 6 && arp.protocolLength.get(bytes, at) === 4;
  return lengths && arp.hardware.get(bytes, at) === 1 && arp.protocol.get(bytes, at) === ETHERTYPE_IPV4;
}

function processArp(netns: Netns, packet: Packet, device: Device, operation: number, targetIp: Ipv4): void {
  const { bytes, start } = packet;
  const senderIp = arp.senderIp.get(bytes, start);
  const senderMac = arp.senderMac.get(bytes, start);
  if (operation === ARP_REQUEST && answers(netns, device, senderIp, targetIp)) {
    if (senderIp !== 0)
      netns.neighbours.update(netns.neighbours.obtain(senderIp, device), senderMac, "STALE", {
        override: true,
      });
    const message = {
      operation: ARP_REPLY,
      senderMac: device.mac,
      senderIp: targetIp,
      targetMac: senderMac,
      targetIp: senderIp,
      to: senderMac,
    };
    sendArp(netns, device, message, packet);
    return;
  }
  const known = netns.neighbours.find(senderIp, device);
  if (known === null) return;
  const gratuitous = senderIp === targetIp;
  const { lockTime } = netns.sysctls.neighbourParameters(device.ifindex);
  const override = gratuitous || netns.world.scheduler.now > known.updatedAt + lockTime;
  const proves = operation === ARP_REPLY && packet.type === "host";
  netns.neighbours.update(known, senderMac, proves ? "REACHABLE" : "STALE", { override });
}

/** Whether a request is answered: only a sender that may be there (ip_route_input); for own addresses by arp_ignore, for others by proxy_arp. */
function answers(netns: Netns, device: Device, senderIp: Ipv4, targetIp: Ipv4): boolean {
  if (senderIp !== 0 && checkSource(netns, device, senderIp) !== null) return false;
  if (netns.isLocal(targetIp)) return !ignores(netns, device, senderIp, targetIp);
  if (senderIp === 0 || !netns.sysctls.forwards(device.ifindex) || !netns.sysctls.proxiesArp(device.ifindex))
    return false;
  const path = netns.findPath(targetIp);
  return typeof path !== "string" && path.type === "unicast" && path.device !== device;
}

/** arp_ignore: 0 any own address, 1 only those of the device, 2 also the sender must be in its network, 8 none. */
function ignores(netns: Netns, device: Device, senderIp: Ipv4, targetIp: Ipv4): boolean {
  const mode = netns.sysctls.arpIgnore(device.ifindex);
  if (mode === 0) return false;
  if (mode === 1) return !device.addresses.some((at) => at.address === targetIp);
  if (mode === 2) {
    return !device.addresses.some(
      (at) =>
        at.address === targetIp && (at.prefix === 0 || (senderIp ^ at.address) >>> (32 - at.prefix) === 0),
    );
  }
  return mode === 8;
}
