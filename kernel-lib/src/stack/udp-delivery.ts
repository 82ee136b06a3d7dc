import { UNREACHABLE_PORT } from "../wire/icmp.js";
import type { Packet } from "../wire/packet.js";
import { udp } from "../wire/udp.js";
import { recordDelivery } from "./deliver.js";
import { sendUnreachable } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop } from "./record.js";

/** A socket gets the datagram: the last cost of its way. */
export function acceptUdp(netns: Netns, packet: Packet): void {
  netns.counters.udp.InDatagrams++;
  packet.elapsed += netns.world.costs.socketReceive;
  if (netns.world.recorder !== null) {
    const port = udp.destinationPort.get(packet.bytes, packet.transport);
    recordDelivery(netns, packet, "udp", netns.world.recorder.portText(port, "udp"));
  }
  netns.cpu.leave(packet);
}

/** Nobody listens on the port. */
export function rejectUdp(netns: Netns, packet: Packet): void {
  netns.counters.udp.NoPorts++;
  // nf_reset_ct: the answer finds its connection by itself, unless it is not to be tracked.
  packet.connection = null;
  packet.connectionInfo = 0;
  sendUnreachable(netns, packet, UNREACHABLE_PORT);
  drop(netns, packet, "NO_SOCKET", "udp");
}

export function dropUdp(
  netns: Netns,
  packet: Packet,
  reason: "UDP_CSUM" | "PKT_TOO_SMALL" | "SOCKET_RCVBUFF",
): void {
  netns.counters.udp.InErrors++;
  if (reason === "SOCKET_RCVBUFF") netns.counters.udp.RcvbufErrors++;
  if (reason === "UDP_CSUM") netns.counters.udp.InCsumErrors++;
  drop(netns, packet, reason, "udp");
}
