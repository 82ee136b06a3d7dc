import type { Random } from "../sim/random.js";
import { IPPROTO_ICMP, ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import {
  type Connection,
  isReply,
  NEW,
  RELATED,
  RELATED_REPLY,
  STATUS_DST_NAT,
  STATUS_DST_NAT_DONE,
  STATUS_NAT_MASK,
  STATUS_SRC_NAT,
  STATUS_SRC_NAT_DONE,
  Tuple,
} from "./conntrack/connection.js";
import type { Conntrack } from "./conntrack/conntrack.js";
import type { HookName } from "./hook.js";
import type { NatRange } from "./nat-range.js";
import { rewriteError, rewritePacket } from "./rewrite.js";

export type Side = "source" | "destination";

const NOTHING: NatRange = {
  addresses: null,
  ports: null,
  random: false,
  randomFully: false,
  persistent: false,
};
/** How many ports are tried before the last one is taken as it is (nf_nat_l4proto_unique_tuple). */
const ATTEMPTS = 128;

/** Which side a hook changes: PREROUTING and OUTPUT the destination, INPUT and POSTROUTING the source. */
function sideOf(hook: HookName): Side {
  return hook === "PREROUTING" || hook === "OUTPUT" ? "destination" : "source";
}

/** Address translation (nf_nat_core.c): a binding changes the connection's reply tuple; packets are rewritten to agree with it. */
export class Nat {
  private readonly current = new Tuple(null, 0);
  private readonly trial = new Tuple(null, 0);
  private readonly reply = new Tuple(null, 0);

  constructor(
    private readonly conntrack: Conntrack,
    private readonly random: Random,
  ) {}

  /** Whether the packet is an ICMP error about a connection. */
  isRelatedError(packet: Packet): boolean {
    const related = packet.connectionInfo === RELATED || packet.connectionInfo === RELATED_REPLY;
    return related && ipv4.protocol.get(packet.bytes, packet.network) === IPPROTO_ICMP;
  }

  /** Whether the rules of a hook are to be asked: a new connection without a binding on this side. */
  needsRules(packet: Packet, hook: HookName): boolean {
    if (packet.connectionInfo !== NEW) return false;
    const { status } = packet.connection as Connection;
    return (status & (sideOf(hook) === "source" ? STATUS_SRC_NAT_DONE : STATUS_DST_NAT_DONE)) === 0;
  }

  /** No rule has spoken: the connection keeps its address, and its port if nobody else has it. */
  bindNothing(packet: Packet, hook: HookName): void {
    this.bind(packet.connection as Connection, NOTHING, sideOf(hook));
  }

  /** Binds one side of a connection for good (nf_nat_setup_info). False when no port is left. */
  bind(connection: Connection, range: NatRange, side: Side): boolean {
    const done = side === "source" ? STATUS_SRC_NAT_DONE : STATUS_DST_NAT_DONE;
    if ((connection.status & done) !== 0) return true;
    const { current, trial } = this;
    current.invert(connection.reply);
    trial.copy(current);
    this.choose(connection, range, side);
    if (!trial.equals(current)) {
      connection.reply.invert(trial);
      connection.status |= side === "source" ? STATUS_SRC_NAT : STATUS_DST_NAT;
    }
    connection.status |= done;
    return true;
  }

  /** Rewrites a packet by its connection's bindings (nf_nat_packet). */
  translate(packet: Packet, hook: HookName): void {
    const connection = packet.connection as Connection;
    if ((connection.status & STATUS_NAT_MASK) === 0) return;
    const side = sideOf(hook);
    const reply = isReply(packet.connectionInfo);
    if (!changes(connection, side, reply)) return;
    this.current.invert(reply ? connection.original : connection.reply);
    rewritePacket(packet, this.current, side);
  }

  /** An ICMP error: the packet that it quotes is translated back, and its own address with it. False for a malformed one. */
  translateError(packet: Packet, hook: HookName): boolean {
    const connection = packet.connection as Connection;
    const side = sideOf(hook);
    const reply = isReply(packet.connectionInfo);
    if (!changes(connection, side, reply)) return true;
    this.current.invert(reply ? connection.original : connection.reply);
    return rewriteError(packet, this.current, side);
  }

  /** Fills `trial` with the tuple to use (get_unique_tuple). */
  private choose(connection: Connection, range: NatRange, side: Side): void {
    const { trial } = this;
    const { addresses, ports } = range;
    if (addresses !== null) {
      const address = this.pickAddress(range);
      if (side === "source") trial.source = address;
      else trial.destination = address;
    }
    const port = portOf(trial, side);
    if (!range.random && !range.randomFully) {
      if (ports !== null) {
        if (
          ports.base === null &&
          port >= ports.first &&
          port <= ports.last &&
          (ports.first === ports.last || this.isFree(connection))
        )
          return;
      } else if (this.isFree(connection)) return;
    }
    this.searchPort(connection, range, side, port);
  }

  private pickAddress({ addresses, persistent }: NatRange): number {
    const { first, last } = addresses!;
    if (first === last) return first;
    const { current } = this;
    const hash = Math.imul(current.source ^ (persistent ? 0 : current.destination), 0x9e3779b1) >>> 0;
    return first + Math.floor((hash / 2 ** 32) * (last - first + 1));
  }

  /** Another port, from a random place on; the range depends on the old port's when the rule gives none (nf_nat_l4proto_unique_tuple). */
  private searchPort(connection: Connection, { ports }: NatRange, side: Side, port: number): void {
    const { trial } = this;
    if (
      ports === null &&
      (side === "destination" || (trial.protocol !== 6 && trial.protocol !== 17 && trial.protocol !== 1))
    )
      return;
    const [first, last] = ports !== null ? [ports.first, ports.last] : rangeAround(trial.protocol, port);
    const size = last - first + 1;
    const base = ports?.base ?? null;
    const offset =
      base !== null
        ? (((port - base) % size) + size) % size
        : size === 1
          ? 0
          : this.random.between(0, size - 1);
    for (let i = 0; i < Math.min(size, ATTEMPTS); i++) {
      setPort(trial, side, first + ((offset + i) % size));
      if (this.isFree(connection)) return;
    }
  }

  private isFree(connection: Connection): boolean {
    this.reply.invert(this.trial);
    return !this.conntrack.isTaken(this.reply, connection);
  }
}

/** Whether packets of a direction are changed on a side: in the reply direction the sides are swapped. */
function changes(connection: Connection, side: Side, reply: boolean): boolean {
  const bit = (side === "source") !== reply ? STATUS_SRC_NAT : STATUS_DST_NAT;
  return (connection.status & bit) !== 0;
}

function portOf(tuple: Tuple, side: Side): number {
  return side === "source" || tuple.protocol === 1 ? tuple.sourcePort : tuple.destinationPort;
}

function setPort(tuple: Tuple, side: Side, port: number): void {
  if (tuple.protocol === 1 || side === "source") tuple.sourcePort = port;
  if (tuple.protocol === 1 || side === "destination") tuple.destinationPort = port;
}

function rangeAround(protocol: number, port: number): readonly [number, number] {
  if (protocol === 1) return [0, 65535];
  if (port < 512) return [1, 511];
  return port < 1024 ? [600, 1023] : [1024, 65535];
}
