import type { Ipv4 } from "../base/addresses.js";
import { type Errno, KernelError } from "../base/errno.js";
import type { Nanoseconds } from "../base/units.js";
import { WaitQueue } from "../sim/wait-queue.js";
import type { Packet } from "../wire/packet.js";
import type { Ipv4Output } from "./ipv4-output.js";
import type { TransportHandler } from "./transport.js";

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

/** A UDP socket. */
export class UdpSocket {
  localAddress: Ipv4 = 0;
  localPort = 0;
  remoteAddress: Ipv4 = 0;
  remotePort = 0;
  ttl = 64;
  tos = 0;
  dontFragment = false;
  boundIndex = 0;
  broadcast = false;
  /** SO_REUSEADDR. */
  reuseAddress = false;
  /** Wakes when a datagram or an error has come. */
  readonly wait: WaitQueue;

  constructor(protected readonly sockets: UdpSockets) {
    this.wait = new WaitQueue(sockets.output.world.scheduler);
  }

  /** Port 0 takes a free one. Throws EADDRINUSE, EADDRNOTAVAIL, EINVAL. */
  bind(_address: Ipv4, _port: number): void {
    throw new KernelError("EOPNOTSUPP");
  }

  /** Throws ENETUNREACH, EACCES (broadcast). */
  connect(_address: Ipv4, _port: number): void {
    throw new KernelError("EOPNOTSUPP");
  }

  /** Sends to the given address, or to the connected one. Throws EDESTADDRREQ as EINVAL, EMSGSIZE, ENETUNREACH, EACCES, ECONNREFUSED … */
  sendTo(_bytes: Uint8Array, _address?: Ipv4, _port?: number): void {
    throw new KernelError("EOPNOTSUPP");
  }

  receive(): Datagram | null {
    return null;
  }

  /** The pending error (SO_ERROR), which it clears. */
  takeError(): Errno | null {
    return null;
  }

  close(): void {}
}

/** The UDP sockets of a namespace. */
export class UdpSockets implements TransportHandler {
  constructor(readonly output: Ipv4Output) {}

  socket(): UdpSocket {
    return new UdpSocket(this);
  }

  list(): readonly UdpSocket[] {
    return [];
  }

  receive(packet: Packet, _source: Ipv4, _destination: Ipv4): void {
    packet.release();
  }

  error(_inner: Uint8Array, _type: number, _code: number, _mtu: number): void {}
}
