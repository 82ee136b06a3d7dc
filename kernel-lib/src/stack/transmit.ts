import type { Ipv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import type { Device } from "../link/device.js";
import { segment, segmentCount, segmentLength, transportSegmentLength } from "../link/offload.js";
import type { Neighbour } from "../route/neighbour.js";
import type { Path } from "../route/path.js";
import { copyCost } from "../sim/cost.js";
import type { PathHeader } from "../socket/path-output.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { icmp } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_UDP, IPV4_LENGTH, ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { deliver } from "./deliver.js";
import { fragment } from "./fragment.js";
import { passes } from "./hooks.js";
import { sendFragmentationNeeded } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop, place, recordBorn } from "./record.js";

/**
 * Sends a packet that was made here: the IPv4 header goes in front, then OUTPUT, POSTROUTING and the neighbour. Throws EMSGSIZE for a packet that
 * may not be fragmented and is larger than the path's MTU; the packet is gone then too. False when a rule in OUTPUT or POSTROUTING has dropped it. A tunnel's packet is not born here: it goes on in a new envelope; too
 * large with DF, it is dropped at the device, and the tunnel is told by ICMP.
 */
export function sendVia(
  netns: Netns,
  packet: Packet,
  path: Path,
  destination: Ipv4,
  header: PathHeader,
  by: "socket" | "kernel" | "tunnel",
): boolean {
  const { costs } = netns.world;
  const length = packet.length + IPV4_LENGTH;
  const source = header.source === 0 ? path.source : header.source;
  const tooLarge = (packet.gsoSize === 0 ? length : segmentSize(packet)) > path.mtu;
  if (length > 0xffff || (tooLarge && header.dontFragment && !header.mayFragment && by !== "tunnel")) {
    packet.release();
    throw new KernelError("EMSGSIZE");
  }
  packet.fragments = null;
  packet.transport = packet.start;
  const at = packet.push(IPV4_LENGTH);
  packet.network = at;
  const dontFragment = header.dontFragment && (!tooLarge || by === "tunnel");
  let { id } = header;
  if (id < 0) {
    const needsNone = header.dontFragment && !header.mayFragment;
    id = needsNone
      ? 0
      : netns.identification.next(
          netns.world.scheduler.now,
          source,
          destination,
          header.protocol,
          segmentCount(packet, packet.transport),
        );
  }
  writeHeader(packet.bytes, at, length, id, dontFragment, source, destination, header);
  packet.mark = header.mark;
  packet.owned = by === "socket";
  if (packet.elapsed === 0) netns.cpu.enter(packet);
  packet.elapsed += costs.ip;
  if (packet.gsoSize !== 0 && by === "socket") packet.elapsed += copyCost(costs, packet.length);
  if (packet.journey === 0) packet.journey = netns.world.nextJourney();
  netns.counters.ip.OutRequests++;
  if (by === "socket") countMessage(netns, packet, header.protocol);
  if (netns.world.recorder !== null) {
    if (by !== "tunnel") recordBorn(netns, packet, by, header.cause);
    recordRoute(netns, packet, path, source, destination);
  }
  if (header.confirm && path.neighbour !== null) netns.neighbours.confirm(path.neighbour);
  return netns.hooks.count !== 0 ? sendThroughHooks(netns, packet, path) : output(netns, packet, path);
}

/** What a socket has sent, by its own protocol's counters; TCP counts for itself. */
function countMessage({ counters }: Netns, packet: Packet, protocol: number): void {
  if (protocol === IPPROTO_UDP) counters.udp.OutDatagrams++;
  else if (protocol === IPPROTO_ICMP) counters.icmp.sent(icmp.type.get(packet.bytes, packet.transport));
}

/** Length with the IPv4 header of the segments of a super-packet that starts at its TCP header, or at its envelope's UDP header. */
function segmentSize(packet: Packet): number {
  return IPV4_LENGTH + transportSegmentLength(packet, packet.start);
}

/** Writes the header with its checksum, summed from the values at hand. */
function writeHeader(
  bytes: Uint8Array,
  at: number,
  length: number,
  id: number,
  dontFragment: boolean,
  source: Ipv4,
  destination: Ipv4,
  header: PathHeader,
): void {
  const flags = dontFragment ? 0x4000 : 0;
  const ttlAndProtocol = (header.ttl << 8) | header.protocol;
  bytes[at] = 0x45;
  bytes[at + ipv4.tos.offset] = header.tos;
  ipv4.totalLength.set(bytes, at, length);
  ipv4.id.set(bytes, at, id);
  bytes[at + 6] = flags >>> 8;
  bytes[at + 7] = 0;
  bytes[at + ipv4.ttl.offset] = header.ttl;
  bytes[at + ipv4.protocol.offset] = header.protocol;
  ipv4.source.set(bytes, at, source);
  ipv4.destination.set(bytes, at, destination);
  let sum = (0x4500 | header.tos) + length + id + flags + ttlAndProtocol;
  sum += (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  sum = (sum & 0xffff) + (sum >>> 16);
  ipv4.checksum.set(bytes, at, ~(sum + (sum >>> 16)) & 0xffff);
}

/** OUTPUT may change the destination (DNAT) or the mark: the packet is then routed again (ip_route_me_harder). */
function sendThroughHooks(netns: Netns, packet: Packet, path: Path): boolean {
  const before = ipv4.destination.get(packet.bytes, packet.start);
  const mark = packet.mark;
  if (!passes(netns, "OUTPUT", packet, null, path.device)) return false;
  const after = ipv4.destination.get(packet.bytes, packet.start);
  if (after === before && packet.mark === mark) return output(netns, packet, path);
  const rerouted = netns.findPath(after);
  if (typeof rerouted === "string") {
    drop(netns, packet, "IP_OUTNOROUTES", "ip output");
    return false;
  }
  return output(netns, packet, rerouted);
}

/** From POSTROUTING to the device (ip_output): for packets made here and for forwarded ones. False when a rule has dropped it, or it must not be cut. */
export function output(netns: Netns, packet: Packet, path: Path, input: Device | null = null): boolean {
  if (netns.hooks.count !== 0 && !passes(netns, "POSTROUTING", packet, input, path.device)) return false;
  if (path.type === "broadcast" || path.type === "multicast") loopBack(netns, packet, path);
  if (packet.gsoSize !== 0) sendSuperPacket(netns, packet, path);
  else if (packet.length > path.mtu || packet.fragments !== null) return sendFragments(netns, packet, path);
  else toNeighbour(netns, packet, path);
  return true;
}

/** A super-packet goes on whole if its segments fit; else it is cut here and the segments are fragmented, or refused (ip_finish_output_gso). */
function sendSuperPacket(netns: Netns, packet: Packet, path: Path): void {
  if (packet.length <= path.mtu || segmentLength(packet, packet.start) <= path.mtu) {
    toNeighbour(netns, packet, path);
    return;
  }
  const pieces = segment(netns.world, packet, packet.start);
  packet.release();
  for (const piece of pieces) {
    if (piece.length > path.mtu) sendFragments(netns, piece, path);
    else toNeighbour(netns, piece, path);
  }
}

/** False when the packet must not be cut. */
function sendFragments(netns: Netns, packet: Packet, path: Path): boolean {
  const { fragments } = packet;
  const cutBefore = fragments !== null && fragments.longest <= path.mtu;
  if (!cutBefore && ipv4.dontFragment.get(packet.bytes, packet.start) === 1) {
    netns.counters.ip.FragFails++;
    sendFragmentationNeeded(netns, packet, path.mtu);
    drop(netns, packet, "PKT_TOO_BIG", "ip output");
    return false;
  }
  const pieces = fragment(netns.world, packet, path.mtu);
  const { recorder } = netns.world;
  if (recorder !== null && packet.journey !== 0) {
    const mtu = Math.min(path.mtu, fragments?.longest ?? path.mtu);
    recorder.record({ kind: "fragment", ...place(netns, packet), pieces: pieces.length, mtu });
  }
  packet.release();
  netns.counters.ip.FragOKs++;
  netns.counters.ip.FragCreates += pieces.length;
  for (const piece of pieces) toNeighbour(netns, piece, path);
  return true;
}

/** What is sent to a group that this namespace belongs to is received here too (ip_mc_output). */
function loopBack(netns: Netns, packet: Packet, path: Path): void {
  const own =
    path.type === "broadcast"
      ? path.device.kind !== "loopback"
      : netns.isLocal(ipv4.destination.get(packet.bytes, packet.start));
  if (!own) return;
  const copy = packet.clone();
  copy.branch = netns.world.nextBranch();
  copy.type = path.type === "broadcast" ? "broadcast" : "multicast";
  copy.inputIndex = path.device.ifindex;
  netns.cpu.leave(packet);
  netns.world.scheduler.at(netns.world.scheduler.now + packet.elapsed, deliverLoopedBack, netns, copy);
}

function deliverLoopedBack(netns: unknown, copy: unknown): void {
  const packet = copy as Packet;
  (netns as Netns).cpu.enter(packet);
  deliver(
    netns as Netns,
    packet,
    (netns as Netns).deviceByIndex(packet.inputIndex) ?? (netns as Netns).loopback,
  );
}

/** The last step: the next hop's MAC, or a place in the queue behind ARP (ip_finish_output2). */
function toNeighbour(netns: Netns, packet: Packet, path: Path): void {
  let neighbour = path.neighbour;
  if (neighbour === null || neighbour.dead) {
    neighbour = netns.neighbours.obtain(path.nextHop, path.device);
    path.neighbour = neighbour;
  }
  packet.elapsed += netns.world.costs.neighbour;
  if (netns.world.recorder !== null) recordNeighbour(netns, packet, neighbour);
  if (netns.neighbours.use(neighbour, packet)) transmitTo(netns, packet, neighbour);
}

/** Puts the Ethernet header in front and sends. */
export function transmitTo(_netns: Netns, packet: Packet, neighbour: Neighbour): void {
  const { device } = neighbour;
  const at = packet.push(ETHERNET_LENGTH);
  ethernet.destination.set(packet.bytes, at, neighbour.mac!);
  ethernet.source.set(packet.bytes, at, device.mac);
  ethernet.type.set(packet.bytes, at, ETHERTYPE_IPV4);
  packet.routed = true;
  device.transmit(packet);
}

function recordNeighbour(netns: Netns, packet: Packet, neighbour: Neighbour): void {
  const { recorder } = netns.world;
  if (recorder === null || packet.journey === 0) return;
  const { address, device, state, mac } = neighbour;
  const queued = state === "NONE" || state === "FAILED" || state === "INCOMPLETE";
  recorder.record({
    kind: "neighbour",
    journey: packet.journey,
    branch: packet.branch,
    at: netns.world.scheduler.now + packet.elapsed,
    machine: netns.machine,
    netns: netns.label,
    address,
    device: device.name,
    // A packet that finds no entry, or a failed one, makes the table ask: while it waits, `ip neigh` shows INCOMPLETE.
    state: queued ? "INCOMPLETE" : state,
    mac: queued ? null : mac,
    queued,
  });
}

/** Tells the trace which way a packet goes. */
export function recordRoute(netns: Netns, packet: Packet, path: Path, source: Ipv4, destination: Ipv4): void {
  const { recorder } = netns.world;
  if (recorder === null || packet.journey === 0) return;
  recorder.record({
    kind: "route",
    journey: packet.journey,
    branch: packet.branch,
    at: netns.world.scheduler.now + packet.elapsed,
    machine: netns.machine,
    netns: netns.label,
    destination,
    source,
    decision: path.type,
    device: path.device.name,
    via: path.gateway,
    table: path.route === null ? "" : tableName(path.route.table),
    text: path.text,
  });
}

function tableName(table: number): string {
  if (table === 255) return "local";
  return table === 254 ? "main" : String(table);
}
