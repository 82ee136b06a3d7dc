import type { Device } from "../link/device.js";
import { copyCost } from "../sim/cost.js";
import type { DeliverEvent } from "../trace/events.js";
import { UNREACHABLE_PROTOCOL } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, isFragment } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { TCP_LENGTH, tcp } from "../wire/tcp.js";
import { passes } from "./hooks.js";
import { receiveIcmp } from "./icmp.js";
import { sendUnreachable } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop } from "./record.js";

/** A packet for this namespace (ip_local_deliver): reassembled first, then INPUT, then by protocol. */
export function deliver(netns: Netns, packet: Packet, device: Device): void {
  if (!isFragment(packet.bytes, packet.network)) {
    deliverWhole(netns, packet, device);
    return;
  }
  const whole = netns.reassembly.add(packet, device);
  if (whole !== null) deliverWhole(netns, whole, device);
}

function deliverWhole(netns: Netns, packet: Packet, device: Device): void {
  if (netns.hooks.count !== 0 && !passes(netns, "INPUT", packet, device, null)) return;
  netns.counters.ip.InDelivers++;
  const { bytes, network } = packet;
  const source = ipv4.source.get(bytes, network);
  const destination = ipv4.destination.get(bytes, network);
  packet.pull(packet.transport - packet.start);
  switch (ipv4.protocol.get(bytes, network)) {
    case IPPROTO_UDP:
      netns.udp.receive(packet, source, destination);
      return;
    case IPPROTO_ICMP:
      receiveIcmp(netns, packet, source, destination);
      return;
    case IPPROTO_TCP:
      if (packet.type !== "host") {
        drop(netns, packet, "NOT_SPECIFIED", "tcp");
        return;
      }
      if (netns.world.recorder !== null && packet.length >= TCP_LENGTH) {
        const port = tcp.destinationPort.get(bytes, packet.start);
        recordDelivery(netns, packet, "tcp", netns.world.recorder.portText(port, "tcp"));
      }
      packet.elapsed += netns.world.costs.socketReceive;
      if (packet.gsoSize !== 0) packet.elapsed += copyCost(netns.world.costs, packet.length);
      netns.cpu.leave(packet);
      netns.tcp.receive(packet, source, destination);
      return;
    default:
      sendUnreachable(netns, packet, UNREACHABLE_PROTOCOL);
      drop(netns, packet, "IP_NOPROTO", "ip input");
  }
}

/** Tells the trace who has got a packet. */
export function recordDelivery(
  netns: Netns,
  packet: Packet,
  protocol: DeliverEvent["protocol"],
  to: string,
): void {
  const { recorder } = netns.world;
  if (recorder === null || packet.journey === 0) return;
  recorder.record({
    kind: "deliver",
    journey: packet.journey,
    branch: packet.branch,
    at: netns.world.scheduler.now + packet.elapsed,
    machine: netns.machine,
    netns: netns.label,
    protocol,
    to,
  });
}
