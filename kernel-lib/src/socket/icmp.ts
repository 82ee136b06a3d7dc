import type { Ipv4 } from "../base/addresses.js";
import { type Errno, KernelError } from "../base/errno.js";
import type { Nanoseconds } from "../base/units.js";
import type { Random } from "../sim/random.js";
import { WaitQueue } from "../sim/wait-queue.js";
import { checksum } from "../wire/checksum.js";
import {
  ICMP_ECHO,
  ICMP_ECHO_REPLY,
  ICMP_LENGTH,
  ICMP_UNREACHABLE,
  icmp,
  icmpMtu,
  UNREACHABLE_FRAGMENTATION_NEEDED,
} from "../wire/icmp.js";
import { IPPROTO_ICMP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { newPathHeader, type PathOutput } from "./path-output.js";

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
  /** Next-hop MTU of "frag needed", gateway of a redirect; 0 otherwise. */
  readonly mtu: number;
  /** When it reached the socket. */
  readonly at: Nanoseconds;
}

export interface EchoOptions {
  readonly ttl?: number;
  readonly tos?: number;
  /** `ping -M do`: EMSGSIZE instead of fragments. */
  readonly dontFragment?: boolean;
  /** `ping -M dont`: DF is left out. */
  readonly clearDontFragment?: boolean;
  /** The peer has just answered (MSG_CONFIRM, as iputils' ping sets it after a reply). */
  readonly confirm?: boolean;
}

/** A socket that sends echo requests and gets their replies and errors (a raw ICMP socket as ping uses it). */
export class IcmpSocket {
  /** `ping -I ADDRESS`; 0 lets the route choose. */
  source: Ipv4 = 0;
  boundIndex = 0;
  /** SO_BROADCAST (`ping -b`). */
  broadcast = false;
  /** Wakes when a message has come. */
  readonly wait: WaitQueue;
  private readonly messages: IcmpMessage[] = [];
  private readonly header = newPathHeader(IPPROTO_ICMP);

  constructor(
    private readonly sockets: IcmpSockets,
    /** Identifier of its echo requests. */
    readonly id: number,
  ) {
    this.wait = new WaitQueue(sockets.output.world.scheduler);
  }

  /** Sends an echo request. Throws ENETUNREACH, EHOSTUNREACH, EACCES, EMSGSIZE. */
  send(destination: Ipv4, sequence: number, payload: Uint8Array, options: EchoOptions = {}): void {
    const { output } = this.sockets;
    const path = output.pathTo(destination, this.source, this.boundIndex, null);
    if (path.type === "broadcast" && !this.broadcast) throw new KernelError("EACCES");
    const length = ICMP_LENGTH + payload.length;
    const packet = output.world.packets.take(length);
    const at = packet.put(length);
    icmp.type.set(packet.bytes, at, ICMP_ECHO);
    icmp.code.set(packet.bytes, at, 0);
    icmp.checksum.set(packet.bytes, at, 0);
    icmp.id.set(packet.bytes, at, this.id);
    icmp.sequence.set(packet.bytes, at, sequence);
    packet.bytes.set(payload, at + ICMP_LENGTH);
    icmp.checksum.set(packet.bytes, at, checksum(packet.bytes, at, packet.end));
    packet.checked = at;
    const { header } = this;
    header.source = this.source;
    header.ttl = options.ttl ?? (path.type === "multicast" ? 1 : output.defaultTtl);
    header.tos = options.tos ?? 0;
    header.dontFragment = !options.clearDontFragment;
    header.mayFragment = !options.dontFragment;
    header.confirm = options.confirm ?? false;
    output.startPacket(packet);
    output.sendVia(packet, path, path.destination, header);
  }

  receive(): IcmpMessage | null {
    return this.messages.shift() ?? null;
  }

  /** Raw sockets keep no error: what came is among the messages. */
  takeError(): Errno | null {
    return null;
  }

  close(): void {
    this.sockets.remove(this);
    this.wait.wakeAll();
  }

  /** @internal */
  push(message: IcmpMessage, delay: Nanoseconds): void {
    this.messages.push(message);
    this.wait.wakeAll(delay);
  }
}

/** The ICMP sockets of a namespace, by identifier. */
export class IcmpSockets {
  private readonly byId = new Map<number, IcmpSocket[]>();

  constructor(
    readonly output: PathOutput,
    private readonly random: Random,
  ) {}

  /** `id` is drawn from the world's seed when absent. */
  socket(id?: number): IcmpSocket {
    const socket = new IcmpSocket(this, id ?? this.random.between(1, 0xffff));
    this.byId.set(socket.id, [...(this.byId.get(socket.id) ?? []), socket]);
    return socket;
  }

  /** Whether some socket waits for this echo reply (`packet.start` at the ICMP header). */
  accepts(packet: Packet): boolean {
    return this.byId.has(icmp.id.get(packet.bytes, packet.start));
  }

  /** An echo reply or an error; `packet.start` is at its ICMP header. The packet ends here. */
  receive(packet: Packet, source: Ipv4, destination: Ipv4): void {
    const { bytes, start } = packet;
    const isReply = icmp.type.get(bytes, start) === ICMP_ECHO_REPLY;
    const quoted = start + ICMP_LENGTH;
    const echo = isReply ? start : quoted + ipv4HeaderLength(bytes, quoted);
    const sockets = this.byId.get(icmp.id.get(bytes, echo)) ?? [];
    if (sockets.length > 0) {
      const { world } = this.output;
      const message = readMessage(
        packet,
        source,
        destination,
        echo,
        isReply,
        world.scheduler.now + packet.elapsed,
      );
      for (const socket of sockets) socket.push(message, packet.elapsed + world.costs.wakeUp);
    }
    packet.release();
  }

  /** @internal */
  remove(socket: IcmpSocket): void {
    const rest = (this.byId.get(socket.id) ?? []).filter((other) => other !== socket);
    if (rest.length > 0) this.byId.set(socket.id, rest);
    else this.byId.delete(socket.id);
  }
}

function readMessage(
  packet: Packet,
  source: Ipv4,
  destination: Ipv4,
  echo: number,
  isReply: boolean,
  at: Nanoseconds,
): IcmpMessage {
  const { bytes, start, network, end } = packet;
  const type = icmp.type.get(bytes, start);
  const code = icmp.code.get(bytes, start);
  const payload = bytes.slice(start + ICMP_LENGTH, end);
  return {
    type,
    code,
    source,
    destination,
    ttl: ipv4.ttl.get(bytes, network),
    tos: ipv4.tos.get(bytes, network),
    id: icmp.id.get(bytes, echo),
    sequence: icmp.sequence.get(bytes, echo),
    payload,
    inner: isReply ? null : payload,
    mtu:
      type === ICMP_UNREACHABLE && code === UNREACHABLE_FRAGMENTATION_NEEDED ? icmpMtu.get(bytes, start) : 0,
    at,
  };
}
