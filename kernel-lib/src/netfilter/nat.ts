import type { Ipv4 } from "../base/addresses.js";
import type { Device } from "../link/device.js";
import type { Random } from "../sim/random.js";
import { ICMP_REDIRECT, icmp } from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { addressHash } from "./address-hash.js";
import {
  type Connection,
  isReply,
  NEW,
  ORIGINAL,
  RELATED,
  RELATED_REPLY,
  STATUS_CONFIRMED,
  STATUS_DST_NAT,
  STATUS_DST_NAT_DONE,
  STATUS_NAT_MASK,
  STATUS_SRC_NAT,
  STATUS_SRC_NAT_DONE,
  Tuple,
} from "./conntrack/connection.js";
import type { Conntrack } from "./conntrack/conntrack.js";
import { TCP_SYN_SENT, TCP_TIME_WAIT } from "./conntrack/tcp-states.js";
import type { HookName } from "./hook.js";
import type { NatPorts, NatRange } from "./nat-range.js";
import { rewriteError, rewritePacket } from "./rewrite.js";

export type Side = "source" | "destination";

const NOTHING: NatRange = {
  addresses: null,
  ports: null,
  random: false,
  randomFully: false,
  persistent: false,
};
const STATUS_BOUND = STATUS_SRC_NAT_DONE | STATUS_DST_NAT_DONE;
/** How many ports are tried at first (NF_NAT_MAX_ATTEMPTS); each further round begins elsewhere and tries half as many, down to 16. */
const ATTEMPTS = 128;
const LAST_ATTEMPTS = 16;
/** The last so many tries of a round take a port from a connection that is over (NF_NAT_HARDER_THRESH). */
const HARDER = 32;

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

  /** Whether a packet's connection has both its bindings and neither changes anything: most packets are so, and nothing is left to do. */
  isSettled({ connection, connectionInfo }: Packet): boolean {
    const { status, masqueradeIndex } = connection as Connection;
    if (masqueradeIndex !== 0 || (status & (STATUS_BOUND | STATUS_NAT_MASK)) !== STATUS_BOUND) return false;
    return connectionInfo !== RELATED && connectionInfo !== RELATED_REPLY;
  }

  /** Whether the packet is an ICMP error about a connection. */
  isRelatedError(packet: Packet): boolean {
    const related = packet.connectionInfo === RELATED || packet.connectionInfo === RELATED_REPLY;
    return related && ipv4.protocol.get(packet.bytes, packet.network) === IPPROTO_ICMP;
  }

  /** Whether the rules of a hook are to be asked: a new connection (or what a REJECT sends about one) without a binding on this side. */
  needsRules(packet: Packet, hook: HookName): boolean {
    const info = packet.connectionInfo;
    if (info !== NEW && info !== RELATED && info !== RELATED_REPLY) return false;
    const { status } = packet.connection as Connection;
    return (status & (sideOf(hook) === "source" ? STATUS_SRC_NAT_DONE : STATUS_DST_NAT_DONE)) === 0;
  }

  /** A masqueraded connection whose packets leave by another device now: its address is wrong there, so that it is forgotten and the packet dropped (nf_nat_oif_changed). */
  leavesElsewhere(packet: Packet, hook: HookName, output: Device | null): boolean {
    const connection = packet.connection as Connection;
    const { masqueradeIndex } = connection;
    if (masqueradeIndex === 0 || hook !== "POSTROUTING" || isReply(packet.connectionInfo)) return false;
    if (output === null || output.ifindex === masqueradeIndex) return false;
    this.conntrack.remove(connection);
    return true;
  }

  /** A device went down, or lost an address: what was masqueraded behind it (or behind that address) is forgotten (masq_device_event, masq_inet_event). */
  forgetMasqueraded(index: number, address: Ipv4 | null = null): void {
    this.conntrack.removeWhere(
      ({ masqueradeIndex, reply }) =>
        masqueradeIndex === index && (address === null || reply.destination === address),
    );
  }

  /** No rule has spoken: the connection keeps its address, and its port if nobody else has it. */
  bindNothing(packet: Packet, hook: HookName): void {
    this.bind(packet.connection as Connection, NOTHING, sideOf(hook));
  }

  /** Binds one side of a connection for good (nf_nat_setup_info). False when no port is left. */
  bind(connection: Connection, range: NatRange, side: Side): boolean {
    const done = side === "source" ? STATUS_SRC_NAT_DONE : STATUS_DST_NAT_DONE;
    if ((connection.status & (done | STATUS_CONFIRMED)) !== 0) return true;
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
    if (isRedirect(packet)) return (connection.status & STATUS_NAT_MASK) === 0;
    if (!changes(connection, side, reply)) return true;
    this.current.invert(reply ? connection.original : connection.reply);
    return rewriteError(packet, this.current, side);
  }

  /** Fills `trial` with the tuple to use (get_unique_tuple). */
  private choose(connection: Connection, range: NatRange, side: Side): void {
    const { trial, current } = this;
    const { addresses, ports } = range;
    const random = range.random || range.randomFully;
    if (side === "source" && !random && this.keepsSource(connection, range)) return;
    trial.copy(current);
    if (addresses !== null) {
      const address = this.pickAddress(addresses, range.persistent);
      if (side === "source") trial.source = address;
      else trial.destination = address;
    }
    if (!random) {
      if (ports === null) {
        if (this.isFree(connection)) return;
      } else if (
        ports.base === null &&
        portFits(trial, side, ports) &&
        (ports.first === ports.last || this.isFree(connection))
      )
        return;
    }
    this.searchPort(connection, ports, side);
  }

  /** The source as it is, if it may stay; else the outer address and port that the same inner source has already (find_appropriate_src). */
  private keepsSource(connection: Connection, range: NatRange): boolean {
    const { trial, current } = this;
    if (sourceFits(current, range)) return this.isFree(connection);
    const known = this.conntrack.bySource.find(current, (other) => {
      trial.invert(other.reply);
      return sourceFits(trial, range);
    });
    if (known === null) return false;
    trial.destination = current.destination;
    trial.destinationPort = current.protocol === IPPROTO_ICMP ? trial.sourcePort : current.destinationPort;
    trial.icmpType = current.icmpType;
    trial.icmpCode = current.icmpCode;
    return this.isFree(connection);
  }

  /** One client gets one address: by its own, and unless `persistent` by the one that it talks to (find_best_ips_proto). */
  private pickAddress({ first, last }: { first: Ipv4; last: Ipv4 }, persistent: boolean): Ipv4 {
    if (first === last) return first;
    const { source, destination } = this.current;
    const hash = addressHash(source, persistent ? 0 : destination);
    return first + Math.floor((hash * (last - first + 1)) / 2 ** 32);
  }

  /** Another port, from a random place on (nf_nat_l4proto_unique_tuple). Without ports in the rule a source keeps to its class: below 512, below 1024, above. */
  private searchPort(connection: Connection, ports: NatPorts | null, side: Side): void {
    const { trial } = this;
    const { protocol } = trial;
    if (protocol !== IPPROTO_ICMP && protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) return;
    if (ports === null && side === "destination" && protocol !== IPPROTO_ICMP) return;
    const port = portOf(trial, side);
    const [first, last] = ports === null ? rangeAround(protocol, port) : [ports.first, ports.last];
    const size = last - first + 1;
    let offset = ports !== null && ports.base !== null ? port - ports.base : this.random.between(0, 0xffff);
    let attempts = Math.min(size, ATTEMPTS);
    for (;;) {
      for (let i = 0; i < attempts; i++, offset++) {
        setPort(trial, side, first + ((offset & 0xffff) % size));
        if (attempts - i > HARDER ? this.isFree(connection) : this.isFreeable(connection)) return;
      }
      if (attempts >= size || attempts < LAST_ATTEMPTS) return;
      attempts >>= 1;
      offset = this.random.between(0, 0xffff);
    }
  }

  private isFree(connection: Connection): boolean {
    this.reply.invert(this.trial);
    return !this.conntrack.isTaken(this.reply, connection);
  }

  /** The same, but a TCP connection that is over gives way to a SYN with a later sequence number (nf_nat_used_tuple_harder). */
  private isFreeable(connection: Connection): boolean {
    const { tcp } = connection;
    if (tcp === null || tcp.state !== TCP_SYN_SENT) return this.isFree(connection);
    this.reply.invert(this.trial);
    const found = this.conntrack.find(this.reply);
    if (found === null) return true;
    const old = found.connection!;
    if (found.direction === ORIGINAL || old.tcp!.state < TCP_TIME_WAIT) return false;
    if ((old.status & STATUS_SRC_NAT) === 0) return false;
    if (((tcp.originalSide.end - old.tcp!.originalSide.end) | 0) <= 0) return false;
    return this.conntrack.remove(old);
  }
}

/** A redirect names a gateway, which no translation can mend: about a translated connection it is dropped. */
function isRedirect({ bytes, network }: Packet): boolean {
  return icmp.type.get(bytes, network + ipv4HeaderLength(bytes, network)) === ICMP_REDIRECT;
}

/** Whether packets of a direction are changed on a side: in the reply direction the sides are swapped. */
function changes(connection: Connection, side: Side, reply: boolean): boolean {
  const bit = (side === "source") !== reply ? STATUS_SRC_NAT : STATUS_DST_NAT;
  return (connection.status & bit) !== 0;
}

/** nf_in_range. */
function sourceFits(tuple: Tuple, { addresses, ports }: NatRange): boolean {
  if (addresses !== null && (tuple.source < addresses.first || tuple.source > addresses.last)) return false;
  return ports === null || portFits(tuple, "source", ports);
}

/** l4proto_in_range: protocols without ports are in any. */
function portFits(tuple: Tuple, side: Side, { first, last }: NatPorts): boolean {
  const { protocol } = tuple;
  if (protocol !== IPPROTO_ICMP && protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) return true;
  const port = portOf(tuple, side);
  return port >= first && port <= last;
}

function portOf(tuple: Tuple, side: Side): number {
  return side === "source" || tuple.protocol === IPPROTO_ICMP ? tuple.sourcePort : tuple.destinationPort;
}

/** An ICMP identifier is the same in both directions. */
function setPort(tuple: Tuple, side: Side, port: number): void {
  if (tuple.protocol === IPPROTO_ICMP || side === "source") tuple.sourcePort = port;
  if (tuple.protocol === IPPROTO_ICMP || side === "destination") tuple.destinationPort = port;
}

function rangeAround(protocol: number, port: number): readonly [number, number] {
  if (protocol === IPPROTO_ICMP) return [0, 65535];
  if (port < 512) return [1, 511];
  return port < 1024 ? [600, 1023] : [1024, 65535];
}
