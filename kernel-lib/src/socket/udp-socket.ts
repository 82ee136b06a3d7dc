import type { Ipv4 } from "../base/addresses.js";
import { type Errno, KernelError } from "../base/errno.js";
import type { Nanoseconds } from "../base/units.js";
import type { Path } from "../route/path.js";
import { WaitQueue } from "../sim/wait-queue.js";
import { addBytes, finish, pseudoHeaderSum } from "../wire/checksum.js";
import { IPPROTO_UDP, IPV4_LENGTH, ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import { newPathHeader } from "./path-output.js";
import type { SocketOwner } from "./tcp/state.js";
import type { UdpSockets } from "./udp.js";
import type { UdpError } from "./udp-errors.js";

/** What a receive call gives. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly ttl: number;
  readonly tos: number;
  /** Interface index it came in by. */
  readonly inputIndex: number;
  readonly at: Nanoseconds;
}

/** net.core.rmem_default. */
const RECEIVE_BUFFER = 212992;
/** The largest datagram: 65535 less the headers of IPv4 and UDP. */
const MAX_PAYLOAD = 65507;

/** What a queued packet counts in the buffer: its memory, not its bytes (skb->truesize of a linear skb). */
function truesize(length: number): number {
  let data = 512;
  while (data < length + 384) data *= 2;
  return data + 256;
}

/** A UDP socket. */
export class UdpSocket {
  localAddress: Ipv4 = 0;
  localPort = 0;
  remoteAddress: Ipv4 = 0;
  /** 0 while not connected. */
  remotePort = 0;
  ttl = 64;
  tos = 0;
  /** IP_PMTUDISC_DO: never fragment, fail with EMSGSIZE. Otherwise DF is set on what fits, and the rest is fragmented (IP_PMTUDISC_WANT). */
  dontFragment = false;
  /** False sends without DF (IP_PMTUDISC_OMIT). */
  setsDontFragment = true;
  boundIndex = 0;
  /** SO_BROADCAST. */
  broadcast = false;
  /** SO_REUSEADDR. */
  reuseAddress = false;
  /** IP_RECVERR: errors are told to unconnected sockets too, those that may pass as well, and kept for {@link receiveError}. */
  receiveErrors = false;
  /** Bytes of memory that may wait to be read (SO_RCVBUF). */
  receiveBuffer = RECEIVE_BUFFER;
  /** A socket of IPv6 bound to all addresses, which takes IPv4 as well: `ss` lists it as `*`. */
  dualStack = false;
  /** Who uses it, for traces: `dnsmasq`; empty when unknown. */
  owner = "";
  /** The process that has the socket, for `ss -p`. */
  holder: SocketOwner | null = null;
  /** Takes every datagram in the socket's place: `packet.start` is at the UDP header (encap_rcv of a tunnel's socket). */
  encapsulation: ((packet: Packet, source: Ipv4) => void) | null = null;
  /** Datagrams lost because the buffer was full. */
  drops = 0;
  /** Wakes when a datagram or an error has come. */
  readonly wait: WaitQueue;
  private pending: Errno | null = null;
  private readonly errors: UdpError[] = [];
  private queue: Packet[] = [];
  private first = 0;
  private queued = 0;
  private path: Path | null = null;
  private readonly header = newPathHeader(IPPROTO_UDP);
  private closed = false;
  private ttlSet = false;

  constructor(
    private readonly sockets: UdpSockets,
    /** Where its counter of identifications begins, used while it is connected. */
    private identification: number,
  ) {
    this.wait = new WaitQueue(sockets.output.world.scheduler);
    this.ttl = sockets.output.defaultTtl;
  }

  /** Datagrams that wait to be read. */
  get waiting(): number {
    return this.queue.length - this.first;
  }

  /** Memory of what waits, as `ss` shows it (Recv-Q). */
  get queuedBytes(): number {
    return this.queued;
  }

  /** Port 0 takes a free one. Throws EADDRINUSE, EADDRNOTAVAIL, EINVAL. */
  bind(address: Ipv4, port: number): void {
    if (this.localPort !== 0 || this.closed) throw new KernelError("EINVAL");
    if (!this.sockets.output.canBind(address)) throw new KernelError("EADDRNOTAVAIL");
    this.localPort = this.sockets.take(this, address, port);
    this.localAddress = address;
  }

  /** Throws ENETUNREACH, EACCES (broadcast). */
  connect(address: Ipv4, port: number): void {
    const path = this.sockets.output.pathTo(address, this.localAddress, this.boundIndex, null);
    if (path.type === "broadcast" && !this.broadcast) throw new KernelError("EACCES");
    if (this.localPort === 0) this.bind(0, 0);
    this.path = path;
    this.remoteAddress = path.destination;
    this.remotePort = port;
    if (this.localAddress === 0) this.localAddress = path.source;
  }

  /** Sends to the given address, or to the connected one. Throws EINVAL (no address), EMSGSIZE, ENETUNREACH, EACCES, or what is pending. */
  sendTo(bytes: Uint8Array, address: Ipv4 = this.remoteAddress, port: number = this.remotePort): void {
    const { output } = this.sockets;
    if (this.pending !== null) throw new KernelError(this.takeError()!);
    if (port === 0 || this.closed) throw new KernelError("EINVAL");
    if (bytes.length + UDP_LENGTH > 0xffff) throw new KernelError("EMSGSIZE");
    const cached = this.path !== null && this.path.destination === address ? this.path : null;
    const path = output.pathTo(address, this.localAddress, this.boundIndex, cached);
    if (path.type === "broadcast" && !this.broadcast) throw new KernelError("EACCES");
    this.path = path;
    if (this.localPort === 0) this.bind(0, 0);
    const tooLarge = this.dontFragment && bytes.length + UDP_LENGTH + IPV4_LENGTH > path.mtu;
    if (tooLarge || bytes.length > MAX_PAYLOAD) this.refuse(path, port);
    this.emit(bytes, path, port);
  }

  /** A datagram that is too long for its path (ip_local_error). */
  private refuse(path: Path, port: number): never {
    const { destination, mtu } = path;
    const where = { offender: 0, ttl: 0, destination, port };
    if (this.receiveErrors)
      this.report({
        errno: "EMSGSIZE",
        origin: "local",
        type: 0,
        code: 0,
        info: Math.min(mtu, 0xffff),
        ...where,
      });
    throw new KernelError("EMSGSIZE");
  }

  private emit(bytes: Uint8Array, path: Path, port: number): void {
    const { output } = this.sockets;
    const { header } = this;
    const { destination } = path;
    const length = bytes.length + UDP_LENGTH;
    const packet = output.world.packets.take(length);
    const at = packet.put(length);
    header.source = this.localAddress === 0 ? path.source : this.localAddress;
    header.ttl = path.type === "multicast" && !this.ttlSet ? 1 : this.ttl;
    header.tos = this.tos;
    header.dontFragment = this.setsDontFragment;
    header.mayFragment = !this.dontFragment;
    if (this.remotePort === 0) header.id = -1;
    else {
      header.id = this.identification;
      this.identification = (this.identification + 1) & 0xffff;
    }
    udp.sourcePort.set(packet.bytes, at, this.localPort);
    udp.destinationPort.set(packet.bytes, at, port);
    udp.length.set(packet.bytes, at, length);
    udp.checksum.set(packet.bytes, at, 0);
    packet.bytes.set(bytes, at + UDP_LENGTH);
    const pseudo = pseudoHeaderSum(header.source, destination, IPPROTO_UDP, length);
    const sum = finish(addBytes(pseudo, packet.bytes, at, packet.end));
    udp.checksum.set(packet.bytes, at, sum === 0 ? 0xffff : sum);
    packet.checked = at;
    output.startPacket(packet);
    output.sendVia(packet, path, destination, header);
  }

  /** The TTL of multicast datagrams is 1 unless set by hand (IP_MULTICAST_TTL). */
  setMulticastTtl(ttl: number): void {
    this.ttl = ttl;
    this.ttlSet = true;
  }

  /** The next datagram, or null when none waits. Throws the pending error, as recvfrom(2) does. */
  receive(): Datagram | null {
    if (this.pending !== null) throw new KernelError(this.takeError()!);
    const packet = this.shift();
    if (packet === null) return null;
    const { bytes, network, transport, end } = packet;
    const datagram: Datagram = {
      bytes: bytes.slice(transport + UDP_LENGTH, end),
      source: ipv4.source.get(bytes, network),
      sourcePort: udp.sourcePort.get(bytes, transport),
      destination: ipv4.destination.get(bytes, network),
      ttl: ipv4.ttl.get(bytes, network),
      tos: ipv4.tos.get(bytes, network),
      inputIndex: packet.inputIndex,
      at: packet.elapsed,
    };
    packet.release();
    return datagram;
  }

  /** Copies the next datagram into `buffer` and returns its length (cut to the buffer), or -1 when none waits: for those who count nanoseconds. */
  receiveInto(buffer: Uint8Array): number {
    const packet = this.shift();
    if (packet === null) return -1;
    const from = packet.transport + UDP_LENGTH;
    const length = Math.min(packet.end - from, buffer.length);
    const { bytes } = packet;
    for (let i = 0; i < length; i++) buffer[i] = bytes[from + i]!;
    packet.release();
    return length;
  }

  /** The oldest error kept (recvmsg with MSG_ERRQUEUE), or null: reading it takes the pending error away, unless another ICMP message waits behind it. */
  receiveError(): UdpError | null {
    const error = this.errors.shift() ?? null;
    const [next] = this.errors;
    if (error !== null) this.pending = next?.origin === "icmp" ? next.errno : null;
    return error;
  }

  /** The pending error (SO_ERROR), which it clears. */
  takeError(): Errno | null {
    const error = this.pending;
    this.pending = null;
    return error;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.localPort !== 0) this.sockets.giveBack(this);
    for (let packet = this.shift(); packet !== null; packet = this.shift()) packet.release();
    this.wait.wakeAll();
  }

  /** @internal Whether the buffer has room for one more: as in Linux, the one that crosses the limit still goes in. */
  hasRoomFor(_packet: Packet): boolean {
    if (this.queued <= this.receiveBuffer) return true;
    this.drops++;
    return false;
  }

  /** @internal A datagram for this socket; `elapsed` becomes the time at which it came. */
  push(packet: Packet): void {
    const { elapsed } = packet;
    const { world } = this.sockets.output;
    this.queued += truesize(packet.length);
    packet.elapsed = world.scheduler.now + elapsed;
    this.queue.push(packet);
    if (!this.wait.empty) this.wait.wakeAll(elapsed + world.costs.wakeUp);
  }

  /** @internal An ICMP error about what it sent. */
  fail(error: Errno, elapsed: Nanoseconds = 0): void {
    this.pending = error;
    this.wait.wakeAll(elapsed);
  }

  /** @internal Keeps an error for {@link receiveError}. */
  report(error: UdpError): void {
    this.errors.push(error);
  }

  private shift(): Packet | null {
    if (this.first === this.queue.length) return null;
    const packet = this.queue[this.first++]!;
    if (this.first === this.queue.length) {
      this.queue.length = 0;
      this.first = 0;
    } else if (this.first >= 256) {
      this.queue = this.queue.slice(this.first);
      this.first = 0;
    }
    this.queued -= truesize(packet.length);
    return packet;
  }
}
