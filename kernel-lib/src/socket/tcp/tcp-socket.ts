import type { Ipv4 } from "../../base/addresses.js";
import { isMulticastIpv4, parseIpv4 } from "../../base/addresses.js";
import { type Errno, KernelError } from "../../base/errno.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { closeConnection, shutdownConnection } from "./close.js";
import { Connection } from "./connection.js";
import { Listener } from "./listener.js";
import { sendAck, sendReset, sendSyn } from "./output.js";
import { largestBacklog } from "./settings.js";
import {
  defaultSocketOptions,
  type Endpoint,
  type SocketOwner,
  type TcpSocketOptions,
  type TcpState,
} from "./state.js";
import type { TcpSockets } from "./tcp-sockets.js";
import { transmit } from "./transmit.js";

const NOWHERE: Endpoint = { address: 0, port: 0 };
const LOOPBACK = parseIpv4("127.0.0.1");

/** A program's TCP socket. Calls never block: wait on {@link TcpSocket.wait} and look again. */
export class TcpSocket {
  /** Ports chosen by bind are its own. */
  readonly sharesPort = false;
  /** Wakes when the state changes, data or room comes, a connection can be accepted, or an error is there. */
  readonly wait: WaitQueue;
  private bound: Endpoint = NOWHERE;
  private connection: Connection | null = null;
  private listener: Listener | null = null;
  private who: SocketOwner | null = null;

  constructor(
    readonly sockets: TcpSockets,
    /** Changing options of a socket that is connected changes the connection. */
    readonly options: TcpSocketOptions = defaultSocketOptions(),
  ) {
    this.wait = new WaitQueue(sockets.output.world.scheduler);
  }

  get state(): TcpState {
    return this.connection?.state ?? (this.listener === null ? "CLOSED" : "LISTEN");
  }

  /** The pending error (SO_ERROR); {@link TcpSocket.send} and {@link TcpSocket.receive} throw it once. */
  get error(): Errno | null {
    return this.connection?.error ?? null;
  }

  /** What TCP_INFO tells: segment size without options, congestion window in bytes, segments sent again. */
  get info(): { readonly mss: number; readonly window: number; readonly retransmitted: number } {
    const { connection } = this;
    if (connection === null) return { mss: 0, window: 0, retransmitted: 0 };
    return {
      mss: connection.mss,
      window: connection.congestion.window,
      retransmitted: connection.retransmitted,
    };
  }

  get local(): Endpoint {
    return this.connection?.local ?? this.bound;
  }

  get remote(): Endpoint {
    return this.connection?.remote ?? NOWHERE;
  }

  get owner(): SocketOwner | null {
    return this.who;
  }

  /** Names the process that has the socket, for `ss -p` and the trace. */
  set owner(owner: SocketOwner | null) {
    this.who = owner;
    if (this.listener !== null) this.listener.owner = owner;
    if (this.connection !== null) this.connection.owner = owner;
  }

  /** setsockopt(IP_TTL): the TTL of everything that this socket sends from now on, retransmissions too. */
  setTtl(ttl: number): void {
    this.options.ttl = ttl;
    if (this.connection !== null) this.connection.header.ttl = ttl;
  }

  /** Takes a local address (0 for any) and port (0 for a free one). Throws EADDRINUSE, EADDRNOTAVAIL, EINVAL. */
  bind(address: Ipv4, port: number): void {
    if (this.bound !== NOWHERE || this.connection !== null) throw new KernelError("EINVAL");
    if (address !== 0 && !this.sockets.output.isLocal(address)) throw new KernelError("EADDRNOTAVAIL");
    const { ports } = this.sockets;
    if (port === 0) this.bound = { address, port: ports.forBind(address, this) };
    else if (ports.conflicts(address, port, this.options.reuseAddress, this))
      throw new KernelError("EADDRINUSE");
    else this.bound = { address, port };
    ports.add(this);
  }

  /** Takes connections from now on. Throws EADDRINUSE when another socket listens there. */
  listen(backlog: number): void {
    if (this.connection !== null || this.listener !== null) throw new KernelError("EINVAL");
    if (this.bound === NOWHERE) this.bind(0, 0);
    for (const other of this.sockets.listeners.get(this.bound.port) ?? []) {
      const { address } = other.local;
      if (address === 0 || this.bound.address === 0 || address === this.bound.address)
        throw new KernelError("EADDRINUSE");
    }
    const limit = Math.min(Math.max(0, backlog), largestBacklog(this.sockets.output));
    this.listener = new Listener(this.bound, this.options, this.wait, limit);
    this.listener.owner = this.who;
    this.sockets.addListener(this.listener);
  }

  /** The next complete connection, or null when none waits. */
  accept(): TcpSocket | null {
    if (this.listener === null) throw new KernelError("EINVAL");
    const connection = this.listener.accept();
    if (connection === null) return null;
    const socket = new TcpSocket(this.sockets, connection.options);
    socket.adopt(connection);
    connection.owner = this.who;
    socket.who = this.who;
    return socket;
  }

  /** Starts a handshake; wait until the state is ESTABLISHED or an error is there. Throws ENETUNREACH, EADDRNOTAVAIL, EISCONN, EALREADY. */
  connect(address: Ipv4, port: number): void {
    if (this.listener !== null) throw new KernelError("EISCONN");
    if (this.connection !== null) throw new KernelError(this.state === "SYN_SENT" ? "EALREADY" : "EISCONN");
    const destination = address === 0 ? LOOPBACK : address;
    if (isMulticastIpv4(destination) || destination === 0xffffffff) throw new KernelError("ENETUNREACH");
    const local = this.chooseLocal(destination, port);
    const connection = new Connection(this.sockets, local, { address: destination, port }, this.options);
    connection.sharesPort = this.bound === NOWHERE;
    connection.state = "SYN_SENT";
    if (this.bound !== NOWHERE) this.sockets.ports.remove(this);
    this.adopt(connection);
    connection.owner = this.who;
    this.sockets.add(connection);
    connection.startHandshake();
    this.sockets.statistics.ActiveOpens++;
    this.sockets.attempt(() => sendSyn(connection));
  }

  /** Gives bytes to the send buffer; returns how many it took (0: wait). Throws the pending error, EPIPE, ENOTCONN. */
  send(bytes: Uint8Array): number {
    const connection = this.connected();
    this.throwPending(connection);
    if (connection.state === "SYN_SENT" || connection.state === "SYN_RECV")
      return this.refuseWriter(connection);
    if (connection.finQueued || connection.state === "CLOSED") throw new KernelError("EPIPE");
    const length = Math.min(bytes.length, connection.sendRoom);
    if (length < bytes.length) connection.writerWaits = true;
    if (length === 0) return 0;
    connection.sending.write(connection.writeEnd, bytes, 0, length);
    connection.writeEnd += length;
    transmit(connection);
    return length;
  }

  /** The next bytes; null when there are none yet; empty at the end of the stream. Throws the pending error, ENOTCONN. */
  receive(max = Number.POSITIVE_INFINITY): Uint8Array | null {
    const connection = this.connected();
    if (connection.queue.readable > 0) return this.read(connection, max);
    if (connection.finReceived) return new Uint8Array(0);
    this.throwPending(connection);
    return connection.state === "CLOSED" ? new Uint8Array(0) : null;
  }

  /** Sends no more (SHUT_WR): a FIN follows the last byte. Reading goes on. */
  shutdown(): void {
    const connection = this.connected();
    const { state } = connection;
    if (state === "CLOSED" || state === "SYN_SENT" || state === "SYN_RECV") throw new KernelError("ENOTCONN");
    shutdownConnection(connection);
  }

  /** Lets go of the socket. What was written is still delivered; unread data makes it a reset (RFC 2525 §2.17). */
  close(): void {
    if (this.listener !== null) this.closeListener(this.listener);
    if (this.connection !== null) closeConnection(this.connection);
    else if (this.bound !== NOWHERE) this.sockets.ports.remove(this);
    this.bound = NOWHERE;
  }

  /** Closes with a reset (SO_LINGER with time 0). */
  abort(): void {
    const { connection } = this;
    if (connection !== null && connection.state !== "CLOSED" && connection.state !== "SYN_SENT")
      sendReset(connection);
    connection?.finish(null);
    this.close();
  }

  private adopt(connection: Connection): void {
    this.connection = connection;
    connection.wait = this.wait;
  }

  private connected(): Connection {
    if (this.connection === null) throw new KernelError("ENOTCONN");
    return this.connection;
  }

  private throwPending(connection: Connection): void {
    const { error } = connection;
    if (error === null) return;
    connection.error = null;
    throw new KernelError(error);
  }

  private refuseWriter(connection: Connection): number {
    connection.writerWaits = true;
    return 0;
  }

  /** Source address and port of a connection to `destination`. */
  private chooseLocal(destination: Ipv4, port: number): Endpoint {
    const { output, ports, connections } = this.sockets;
    const address = this.bound.address || output.selectSource(destination, this.options.boundIndex);
    const taken = (local: number) => connections.find(address, local, destination, port) !== null;
    if (this.bound.port === 0) return { address, port: ports.forConnect(address, destination, port, taken) };
    if (taken(this.bound.port)) throw new KernelError("EADDRNOTAVAIL");
    return { address, port: this.bound.port };
  }

  /** Reads, and tells the peer when that has opened the window much (tcp_cleanup_rbuf). */
  private read(connection: Connection, max: number): Uint8Array {
    const { queue, window, acks } = connection;
    const bytes = queue.take(max);
    if (connection.state === "CLOSED" || connection.state === "TIME_WAIT") return bytes;
    window.adjust(connection.now, queue.read, connection.advertisedMss);
    const empty = queue.readable === 0;
    const owed =
      acks.pending &&
      (queue.next - window.offeredAt > acks.segment || (acks.pushed && !acks.interactive && empty));
    const left = window.left(queue.next);
    const possible = connection.finReceived ? 0 : window.possible(queue.readable, acks.segment);
    if (owed || (possible > 0 && possible >= 2 * left)) sendAck(connection);
    return bytes;
  }

  private closeListener(listener: Listener): void {
    this.sockets.removeListener(listener);
    this.sockets.ports.remove(this);
    for (const connection of listener.waiting) {
      if (connection.state !== "SYN_RECV") sendReset(connection);
      connection.orphan = true;
      connection.finish(null);
    }
    this.listener = null;
  }
}
