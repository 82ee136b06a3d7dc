import type { Ipv4 } from "../base/addresses.js";
import { type Errno, KernelError } from "../base/errno.js";
import type { Nanoseconds } from "../base/units.js";
import { WaitQueue } from "../sim/wait-queue.js";
import type { Packet } from "../wire/packet.js";
import type { Ipv4Output } from "./ipv4-output.js";

/** An echo reply, or an ICMP error about one of this socket's echo requests. */
export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly ttl: number;
  readonly tos: number;
  readonly id: number;
  /** Of the echo: for errors, that of the request that the error quotes. */
  readonly sequence: number;
  /** Bytes after the 8-byte ICMP header. */
  readonly payload: Uint8Array;
  /** For errors, the quoted packet from its IPv4 header on; null otherwise. */
  readonly inner: Uint8Array | null;
  /** Next-hop MTU of "frag needed"; 0 otherwise. */
  readonly mtu: number;
  /** When it reached the socket. */
  readonly at: Nanoseconds;
}

export interface EchoOptions {
  readonly ttl?: number;
  readonly tos?: number;
  readonly dontFragment?: boolean;
}

/** A socket that sends echo requests and gets their replies and errors (a raw ICMP socket as ping uses it). */
export class IcmpSocket {
  source: Ipv4 = 0;
  boundIndex = 0;
  broadcast = false;
  readonly wait: WaitQueue;

  constructor(
    protected readonly sockets: IcmpSockets,
    /** Identifier of its echo requests. */
    readonly id: number,
  ) {
    this.wait = new WaitQueue(sockets.output.world.scheduler);
  }

  /** Sends an echo request. Throws ENETUNREACH, EHOSTUNREACH, EACCES, EMSGSIZE. */
  send(_destination: Ipv4, _sequence: number, _payload: Uint8Array, _options: EchoOptions = {}): void {
    throw new KernelError("EOPNOTSUPP");
  }

  receive(): IcmpMessage | null {
    return null;
  }

  takeError(): Errno | null {
    return null;
  }

  close(): void {}
}

export class IcmpSockets {
  constructor(readonly output: Ipv4Output) {}

  /** `id` is drawn from the world's seed when absent. */
  socket(id?: number): IcmpSocket {
    return new IcmpSocket(this, id ?? 1);
  }

  receive(packet: Packet, _source: Ipv4, _destination: Ipv4): void {
    packet.release();
  }
}
