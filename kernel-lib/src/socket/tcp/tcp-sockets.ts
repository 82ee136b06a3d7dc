import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Nanoseconds } from "../../base/units.js";
import type { DropReason } from "../../trace/drop-reason.js";
import { IPPROTO_TCP, ipv4, ipv4HeaderLength } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import { TCP_ACK, TCP_RST, TCP_SYN, tcp } from "../../wire/tcp.js";
import { TcpOptions } from "../../wire/tcp-options.js";
import type { Ipv4Output, SendOptions } from "../ipv4-output.js";
import type { TransportHandler } from "../transport.js";
import { type Connection, HEADERS } from "./connection.js";
import { ConnectionTable } from "./connection-table.js";
import { receiveIcmpError } from "./icmp-error.js";
import { receiveSegment } from "./input.js";
import type { Listener } from "./listener.js";
import { writeBareReset } from "./output.js";
import { beginConnection } from "./passive-open.js";
import { PortTable } from "./port-table.js";
import { Secrets } from "./secrets.js";
import { Segment } from "./segment.js";
import { connectionRow, listenerRow, type SocketRow } from "./socket-row.js";
import type { TcpSocketOptions } from "./state.js";
import { TcpStatistics } from "./statistics.js";
import { TcpSocket } from "./tcp-socket.js";

/** IPv4's total length has 16 bits (IPV4_MAX_PMTU). */
const LARGEST_PACKET = 65535;

/** All TCP of one namespace: its connections, listeners and ports. */
export class TcpSockets implements TransportHandler {
  readonly secrets: Secrets;
  readonly ports: PortTable;
  readonly connections = new ConnectionTable();
  readonly listeners = new Map<number, Listener[]>();
  /** CPU time that the segment at hand has taken; 0 outside of {@link TcpSockets.receive}. */
  elapsed: Nanoseconds = 0;
  /** The journey of the segment at hand, which causes what is sent meanwhile. */
  cause = 0;
  /** The type of service of the segment at hand, which a reset has too. */
  private tos = 0;
  /** The options of the segment that is being written: one record, filled anew for each. */
  readonly outgoing = new TcpOptions();
  readonly statistics: TcpStatistics;
  private readonly segment = new Segment();

  constructor(readonly output: Ipv4Output) {
    this.statistics = output.counters?.tcp ?? new TcpStatistics();
    this.secrets = new Secrets(output.world.random.fork(`tcp/${output.machine}/${output.label}`));
    this.ports = new PortTable(output, this.secrets);
  }

  socket(): TcpSocket {
    return new TcpSocket(this);
  }

  /** Listeners and connections, for `ss` and /proc/net/tcp: listeners first, each in the order in which they came. */
  list(): readonly SocketRow[] {
    const rows: SocketRow[] = [];
    for (const listeners of this.listeners.values())
      for (const listener of listeners) rows.push(listenerRow(listener));
    for (const connection of this.connections) rows.push(connectionRow(connection));
    return rows;
  }

  /** A TCP packet for this namespace (tcp_v4_rcv). */
  receive(packet: Packet, source: Ipv4, destination: Ipv4): void {
    const { segment } = this;
    this.elapsed = packet.elapsed;
    this.cause = packet.journey;
    this.tos = ipv4.tos.get(packet.bytes, packet.network);
    this.statistics.InSegs++;
    const fault = segment.read(packet, source, destination);
    if (fault !== null) this.statistics.InErrs++;
    if (fault === "TCP_CSUM") this.statistics.InCsumErrors++;
    const reason = fault ?? this.dispatch(segment);
    if (reason !== null) this.recordDrop(packet, reason);
    packet.release();
    this.elapsed = 0;
    this.cause = 0;
  }

  /** Hands a segment to its connection or listener; answers with a reset when there is none. Returns why it was dropped, or null. */
  dispatch(segment: Segment): DropReason | null {
    const connection = this.connections.find(
      segment.destination,
      segment.destinationPort,
      segment.source,
      segment.sourcePort,
    );
    if (connection !== null) return receiveSegment(connection, segment);
    const listener = this.listenerFor(segment.destination, segment.destinationPort);
    if (listener === null) {
      this.refuse(segment);
      return "NO_SOCKET";
    }
    if (segment.flags & TCP_RST) return "TCP_RESET";
    if (segment.flags & TCP_ACK) {
      this.refuse(segment);
      return "TCP_RESET";
    }
    if (!(segment.flags & TCP_SYN)) return "TCP_INVALID_SEQUENCE";
    return beginConnection(this, listener, segment);
  }

  /** An ICMP error about a segment of ours. */
  error(inner: Uint8Array, type: number, code: number, _mtu: number): void {
    if (inner.length < 20) return;
    const at = ipv4HeaderLength(inner, 0);
    if (inner.length < at + 8) return;
    const connection = this.connections.find(
      ipv4.source.get(inner, 0),
      tcp.sourcePort.get(inner, at),
      ipv4.destination.get(inner, 0),
      tcp.destinationPort.get(inner, at),
    );
    if (connection !== null) receiveIcmpError(connection, tcp.sequence.get(inner, at), type, code);
  }

  /** Answers a segment that belongs to nothing with a reset (RFC 9293 §3.10.7.1). */
  refuse(segment: Segment): void {
    if (segment.flags & TCP_RST || !this.output.isLocal(segment.destination)) return;
    const acknowledges = (segment.flags & TCP_ACK) !== 0;
    const packet = this.output.world.packets.take(20);
    const sequence = acknowledges ? segment.acknowledgement : 0;
    const ack = acknowledges ? null : segment.sequence + segment.span;
    const { source, destination, sourcePort, destinationPort } = segment;
    writeBareReset(packet, destination, source, destinationPort, sourcePort, sequence, ack);
    const header = {
      source: destination,
      destination: source,
      protocol: IPPROTO_TCP,
      dontFragment: true,
      id: 0,
      tos: this.tos,
      cause: this.cause,
    };
    this.statistics.OutSegs++;
    this.statistics.OutRsts++;
    this.attempt(() => this.output.send(packet, header));
  }

  /** Runs something that sends, and takes a refusal of the network layer as a lost packet. */
  attempt(send: () => void): void {
    try {
      send();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
  }

  /**
   * The segment size that we announce to a peer: what the path takes without IPv4 and TCP headers. On lo, whose MTU is 65536, it is 65495
   * (ip_default_advmss).
   */
  announcedMss(remote: Ipv4): number {
    return Math.max(88, Math.min(this.output.pathMtu(remote), LARGEST_PACKET) - HEADERS);
  }

  headerFor(
    source: Ipv4,
    destination: Ipv4,
    options: TcpSocketOptions,
  ): { -readonly [K in keyof SendOptions]: SendOptions[K] } {
    return {
      source,
      destination,
      protocol: IPPROTO_TCP,
      dontFragment: true,
      tos: options.tos,
      boundIndex: options.boundIndex,
      mark: options.mark,
      ...(options.ttl > 0 ? { ttl: options.ttl } : {}),
    };
  }

  add(connection: Connection): void {
    this.connections.add(connection);
    this.ports.add(connection);
  }

  remove(connection: Connection): void {
    this.connections.remove(connection);
    this.ports.remove(connection);
  }

  addListener(listener: Listener): void {
    const { port } = listener.local;
    this.listeners.set(port, [...(this.listeners.get(port) ?? []), listener]);
  }

  removeListener(listener: Listener): void {
    const { port } = listener.local;
    const rest = (this.listeners.get(port) ?? []).filter((other) => other !== listener);
    if (rest.length === 0) this.listeners.delete(port);
    else this.listeners.set(port, rest);
  }

  /** Ends everything without a word to the peers: the namespace goes away. */
  dispose(): void {
    for (const connection of [...this.connections]) connection.finish(null);
    this.listeners.clear();
  }

  /** The listener of a port: one bound to the address before one bound to any. */
  private listenerFor(address: Ipv4, port: number): Listener | null {
    const listeners = this.listeners.get(port);
    if (listeners === undefined) return null;
    let any: Listener | null = null;
    for (const listener of listeners) {
      if (listener.local.address === address) return listener;
      if (listener.local.address === 0) any = listener;
    }
    return any;
  }

  private recordDrop(packet: Packet, reason: DropReason): void {
    const { world, machine, label } = this.output;
    if (world.recorder === null || packet.journey === 0) return;
    const at = world.scheduler.now + packet.elapsed;
    const { journey, branch } = packet;
    world.recorder.record({ kind: "drop", journey, branch, at, machine, netns: label, reason, where: "tcp" });
  }
}
