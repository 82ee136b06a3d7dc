import type { Ipv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import type { Random } from "../sim/random.js";
import { addBytes, finish, pseudoHeaderSum } from "../wire/checksum.js";
import { IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import type { PathOutput } from "./path-output.js";
import type { TransportHandler } from "./transport.js";
import { type ErrorOrigin, udpErrno } from "./udp-errors.js";
import { UdpSocket } from "./udp-socket.js";

export { type Datagram, UdpSocket } from "./udp-socket.js";

const UNKNOWN_ORIGIN: ErrorOrigin = { source: 0, ttl: 0, elapsed: 0 };

/** What the namespace does with datagrams that UDP cannot hand over. */
export interface UdpHost extends PathOutput {
  /** Nobody listens: ICMP port unreachable goes back, and the packet ends. */
  rejectUdp(packet: Packet): void;
  /** Ends a datagram that is broken, or for which there is no room. */
  dropUdp(packet: Packet, reason: "UDP_CSUM" | "PKT_TOO_SMALL" | "SOCKET_RCVBUFF"): void;
  /** A socket gets the datagram: costs and trace. */
  acceptUdp(packet: Packet): void;
}

/** The UDP sockets of a namespace (net/ipv4/udp.c). */
export class UdpSockets implements TransportHandler {
  private readonly byPort = new Map<number, UdpSocket[]>();

  constructor(
    readonly output: UdpHost,
    private readonly random: Random,
  ) {}

  socket(): UdpSocket {
    return new UdpSocket(this, this.random.uint32() & 0xffff);
  }

  /** Bound sockets, by port. */
  list(): readonly UdpSocket[] {
    return [...this.byPort.keys()].sort((a, b) => a - b).flatMap((port) => this.byPort.get(port)!);
  }

  /** Takes a port for a socket: 0 draws a free one. Throws EADDRINUSE. */
  take(socket: UdpSocket, address: Ipv4, port: number): number {
    const chosen = port === 0 ? this.freePort(socket, address) : port;
    if (port !== 0 && this.conflicts(socket, address, port)) throw new KernelError("EADDRINUSE");
    const list = this.byPort.get(chosen) ?? [];
    this.byPort.set(chosen, [...list, socket]);
    return chosen;
  }

  giveBack(socket: UdpSocket): void {
    const rest = (this.byPort.get(socket.localPort) ?? []).filter((other) => other !== socket);
    if (rest.length > 0) this.byPort.set(socket.localPort, rest);
    else this.byPort.delete(socket.localPort);
  }

  /** A datagram; `packet.start` is at the UDP header. */
  receive(packet: Packet, source: Ipv4, destination: Ipv4): void {
    const { bytes, start } = packet;
    if (packet.length < UDP_LENGTH) {
      this.output.dropUdp(packet, "PKT_TOO_SMALL");
      return;
    }
    const length = udp.length.get(bytes, start);
    if (length < UDP_LENGTH || length > packet.length) {
      this.output.dropUdp(packet, "PKT_TOO_SMALL");
      return;
    }
    packet.trim(length);
    if (packet.checked !== start && udp.checksum.get(bytes, start) !== 0) {
      const sum = pseudoHeaderSum(source, destination, IPPROTO_UDP, length);
      if (finish(addBytes(sum, bytes, start, packet.end)) !== 0) {
        this.output.dropUdp(packet, "UDP_CSUM");
        return;
      }
    }
    const list = this.byPort.get(udp.destinationPort.get(bytes, start));
    if (list === undefined) {
      this.output.rejectUdp(packet);
      return;
    }
    if ((packet.type === "broadcast" || packet.type === "multicast") && !this.output.isLocal(destination)) {
      this.receiveGroup(packet, list, source, destination);
      return;
    }
    const socket = best(list, packet.inputIndex, source, udp.sourcePort.get(bytes, start), destination);
    if (socket === null) {
      this.output.rejectUdp(packet);
      return;
    }
    this.hand(socket, packet, source);
  }

  /** An ICMP error about a datagram from here (udp_err): connected sockets are told of what is final, those with IP_RECVERR of everything. */
  error(
    inner: Uint8Array,
    type: number,
    code: number,
    mtu: number,
    from: ErrorOrigin = UNKNOWN_ORIGIN,
  ): void {
    const at = ipv4HeaderLength(inner, 0);
    const list = this.byPort.get(udp.sourcePort.get(inner, at)) ?? [];
    const port = udp.destinationPort.get(inner, at);
    const destination = ipv4.destination.get(inner, 0);
    const socket = best(list, 0, destination, port, ipv4.source.get(inner, 0));
    if (socket === null) return;
    const meaning = udpErrno(type, code, socket.setsDontFragment);
    if (meaning === null) return;
    const { errno, fatal } = meaning;
    if (!socket.receiveErrors) {
      if (fatal && socket.remotePort !== 0) socket.fail(errno, from.elapsed);
      return;
    }
    const { source, ttl } = from;
    socket.report({
      errno,
      origin: "icmp",
      type,
      code,
      info: mtu,
      offender: source,
      ttl,
      destination,
      port,
    });
    socket.fail(errno, from.elapsed);
  }

  private receiveGroup(packet: Packet, list: readonly UdpSocket[], source: Ipv4, destination: Ipv4): void {
    const sourcePort = udp.sourcePort.get(packet.bytes, packet.start);
    const takers = list.filter(
      (socket) => score(socket, packet.inputIndex, source, sourcePort, destination) >= 0,
    );
    if (takers.length === 0) {
      this.output.rejectUdp(packet);
      return;
    }
    for (const socket of takers.slice(1)) this.hand(socket, packet.clone(), source);
    this.hand(takers[0]!, packet, source);
  }

  private hand(socket: UdpSocket, packet: Packet, source: Ipv4): void {
    if (socket.encapsulation !== null) {
      socket.encapsulation(packet, source);
      return;
    }
    if (!socket.hasRoomFor(packet)) {
      this.output.dropUdp(packet, "SOCKET_RCVBUFF");
      return;
    }
    this.output.acceptUdp(packet);
    socket.push(packet);
  }

  private freePort(socket: UdpSocket, address: Ipv4): number {
    const [low, high] = this.output.portRange;
    const first = this.random.between(low, high);
    for (let i = 0; i <= high - low; i++) {
      const port = low + ((first - low + i) % (high - low + 1));
      if (!this.conflicts(socket, address, port)) return port;
    }
    throw new KernelError("EADDRINUSE");
  }

  private conflicts(socket: UdpSocket, address: Ipv4, port: number): boolean {
    const list = this.byPort.get(port);
    if (list === undefined) return false;
    return list.some((other) => {
      if (other === socket || (other.reuseAddress && socket.reuseAddress)) return false;
      if (other.boundIndex !== socket.boundIndex && other.boundIndex !== 0 && socket.boundIndex !== 0)
        return false;
      return other.localAddress === 0 || address === 0 || other.localAddress === address;
    });
  }
}

/** The socket that fits a datagram best (compute_score); null when none may have it. */
function best(
  list: readonly UdpSocket[],
  inputIndex: number,
  source: Ipv4,
  sourcePort: number,
  destination: Ipv4,
): UdpSocket | null {
  let winner: UdpSocket | null = null;
  let high = -1;
  for (const socket of list) {
    const points = score(socket, inputIndex, source, sourcePort, destination);
    if (points > high) {
      high = points;
      winner = socket;
    }
  }
  return winner;
}

function score(
  socket: UdpSocket,
  inputIndex: number,
  source: Ipv4,
  sourcePort: number,
  destination: Ipv4,
): number {
  let points = 0;
  if (socket.localAddress !== 0) {
    if (socket.localAddress !== destination) return -1;
    points += 4;
  }
  if (socket.remotePort !== 0) {
    if (socket.remoteAddress !== source || socket.remotePort !== sourcePort) return -1;
    points += 8;
  }
  if (socket.boundIndex !== 0 && inputIndex !== 0) {
    if (socket.boundIndex !== inputIndex) return -1;
    points += 4;
  }
  return points;
}
