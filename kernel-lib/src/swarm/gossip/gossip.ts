import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { ms, type Nanoseconds, seconds } from "../../base/units.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import type { UdpSocket } from "../../socket/udp-socket.js";
import type { SwarmMember } from "../member.js";
import { decode, encode, encodeRows, type GossipMessage } from "./message.js";
import { Rows } from "./rows.js";
import type { GossipEvent, GossipTable, GossipTables, RowChange } from "./tables.js";

/** UDP port of the gossip, the same on all nodes. */
export const GOSSIP_PORT = 7946;
/** File descriptor of the socket, as `ss -p` shows it. */
const DESCRIPTOR = 24;
/** Changes wait that long for others to go with them (memberlist's GossipInterval). */
const GATHER: Nanoseconds = ms(200);
/** One node is asked each time whether it is still there. */
const PING_INTERVAL: Nanoseconds = seconds(5);
/** Without an answer for that long a node is thought to be dead. */
const PATIENCE: Nanoseconds = seconds(5);

interface Peer {
  readonly address: Ipv4;
  readonly networks: Set<string>;
  /** When a ping went to it that it has not answered; null: none. */
  pingedAt: Nanoseconds | null;
}

/**
 * What the nodes of a swarm tell each other without the managers: which endpoint lives where, and which replica serves what (libnetwork's NetworkDB over
 * memberlist). A node hears the rows of those networks only that it is in. Rows of a node that does not answer any more are forgotten, and come again when
 * it answers again. A change goes to all nodes of its network at once; the real one lets it spread from node to node.
 */
export class Gossip {
  private readonly rows = new Rows();
  private readonly peers = new Map<string, Peer>();
  private readonly networks = new Set<string>();
  private outbox: RowChange[] = [];
  private socket: UdpSocket | null = null;
  private readonly changed: WaitQueue;
  private next = 0;

  constructor(private readonly member: SwarmMember) {
    this.changed = new WaitQueue(member.engine.host.world.scheduler);
  }

  /** Opens the socket and begins to listen. */
  open(): void {
    if (this.socket !== null) return;
    const { engine } = this.member;
    const socket = engine.host.rootNetns.udp.socket();
    socket.owner = "dockerd";
    socket.holder = { pid: engine.daemon.pid, name: "dockerd", fd: DESCRIPTOR };
    socket.bind(0, GOSSIP_PORT);
    this.socket = socket;
    this.member.background(this.listen(socket));
    this.member.background(this.speak(socket));
    this.member.background(this.ask(socket));
  }

  /** Says goodbye where it can, and forgets all that it has heard. */
  close(): void {
    for (const networkId of this.networks)
      this.tellNetwork(networkId, { kind: "leave", from: this.id, networkId });
    this.socket?.close();
    this.socket = null;
    this.networks.clear();
    this.peers.clear();
    this.outbox = [];
    this.rows.clear();
  }

  /** The nodes that are in a network, this one included. */
  nodes(networkId: string): readonly string[] {
    const others = [...this.peers].filter(([, { networks }]) => networks.has(networkId)).map(([id]) => id);
    return this.networks.has(networkId) ? [this.id, ...others] : others;
  }

  /** The node comes into a network: all nodes hear of it, and those in it tell what they know. */
  join(networkId: string): void {
    if (this.networks.has(networkId)) return;
    this.networks.add(networkId);
    for (const nodeId of this.member.cluster?.store.nodes.keys() ?? [])
      if (nodeId !== this.id)
        this.send(nodeId, encode({ kind: "join", from: this.id, networkId, answer: true }));
  }

  leave(networkId: string): void {
    if (!this.networks.delete(networkId)) return;
    this.tellNetwork(networkId, { kind: "leave", from: this.id, networkId });
    for (const change of this.rows.dropNetwork(networkId)) this.rows.tell(change, change.nodeId, this.id);
  }

  /** Puts a row of this node's own in, or changes it. */
  put<T extends GossipTable>(table: T, record: GossipTables[T]): void {
    this.change({ table, record, removed: false } as RowChange);
  }

  delete(table: GossipTable, networkId: string, endpointId: string): void {
    const record = this.rows.get(table, networkId, endpointId);
    if (record !== null) this.change({ table, record, removed: true } as RowChange);
  }

  /** The row of an endpoint; null when there is none. */
  get<T extends GossipTable>(table: T, networkId: string, endpointId: string): GossipTables[T] | null {
    return this.rows.get(table, networkId, endpointId);
  }

  /** All rows of a table about a network. */
  list<T extends GossipTable>(table: T, networkId: string): readonly GossipTables[T][] {
    return this.rows.list(table, networkId);
  }

  /** Calls `listener` after each change of a row, this node's own included. Returns a function that ends it. */
  watch<T extends GossipTable>(table: T, listener: (event: GossipEvent<T>) => void): () => void {
    return this.rows.watch(table, listener);
  }

  private get id(): string {
    return this.member.nodeId;
  }

  private change(change: RowChange): void {
    this.rows.apply(change, this.id, this.id);
    this.outbox.push(change);
    this.changed.wakeAll();
  }

  private *listen(socket: UdpSocket): Steps<void> {
    while (this.socket === socket) {
      for (let datagram = receive(socket); datagram !== null; datagram = receive(socket)) {
        const message = decode(datagram.bytes);
        if (message !== null) this.hear(message, datagram.source);
      }
      yield* until([socket.wait]);
    }
  }

  /** Sends what has gathered. */
  private *speak(socket: UdpSocket): Steps<void> {
    const { scheduler } = this.member.engine.host.world;
    while (this.socket === socket) {
      while (this.outbox.length === 0) yield* until([this.changed]);
      const deadline = scheduler.now + GATHER;
      while (scheduler.now < deadline) yield* until([], deadline);
      this.flush();
    }
  }

  private flush(): void {
    const changes = this.outbox.splice(0);
    const byNetwork = new Map<string, RowChange[]>();
    for (const change of changes) {
      const { networkId } = change.record;
      byNetwork.set(networkId, [...(byNetwork.get(networkId) ?? []), change]);
    }
    for (const [networkId, own] of byNetwork) {
      const datagrams = encodeRows(this.id, own);
      for (const [nodeId, { networks }] of this.peers)
        if (networks.has(networkId)) for (const datagram of datagrams) this.send(nodeId, datagram);
    }
  }

  /** Asks one node after the other whether it is there. */
  private *ask(socket: UdpSocket): Steps<void> {
    const { scheduler } = this.member.engine.host.world;
    while (this.socket === socket) {
      const deadline = scheduler.now + PING_INTERVAL;
      while (scheduler.now < deadline) yield* until([], deadline);
      this.buryTheDead(scheduler.now);
      const known = [...(this.member.cluster?.store.nodes.keys() ?? [])].filter((id) => id !== this.id);
      if (known.length === 0) continue;
      const nodeId = known[this.next++ % known.length]!;
      const peer = this.peers.get(nodeId);
      if (peer !== undefined) peer.pingedAt ??= scheduler.now;
      this.send(nodeId, encode({ kind: "ping", from: this.id, networks: [...this.networks] }));
    }
  }

  private buryTheDead(now: Nanoseconds): void {
    for (const [nodeId, { pingedAt }] of [...this.peers]) {
      if (pingedAt === null || now < pingedAt + PATIENCE) continue;
      this.forget(nodeId);
      for (const other of this.peers.keys())
        this.send(other, encode({ kind: "dead", from: this.id, nodeId }));
    }
  }

  private forget(nodeId: string): void {
    this.peers.delete(nodeId);
    for (const change of this.rows.dropNode(nodeId)) this.rows.tell(change, nodeId, this.id);
  }

  private hear(message: GossipMessage, source: Ipv4): void {
    const { from } = message;
    const peer = this.peerOf(from, source);
    peer.pingedAt = null;
    switch (message.kind) {
      case "rows":
        for (const change of message.changes)
          if (this.networks.has(change.record.networkId)) this.rows.apply(change, from, this.id);
        return;
      case "join":
        peer.networks.add(message.networkId);
        if (this.networks.has(message.networkId)) this.welcome(from, message.networkId, message.answer);
        return;
      case "leave":
        peer.networks.delete(message.networkId);
        for (const change of this.rows.dropNodeIn(from, message.networkId))
          this.rows.tell(change, from, this.id);
        return;
      case "dead":
        if (message.nodeId === this.id) for (const id of this.networks) this.announce(from, id);
        else if (this.peers.has(message.nodeId)) this.doubt(message.nodeId);
        return;
      default:
        this.compare(from, peer, message);
    }
  }

  /** A node is in a network that this one is in, too: it hears the rows of this node. */
  private welcome(nodeId: string, networkId: string, answer: boolean): void {
    if (answer) this.send(nodeId, encode({ kind: "join", from: this.id, networkId, answer: false }));
    const own = this.rows.ownRows(networkId, this.id);
    for (const datagram of encodeRows(this.id, own)) this.send(nodeId, datagram);
  }

  private announce(nodeId: string, networkId: string): void {
    this.send(nodeId, encode({ kind: "join", from: this.id, networkId, answer: true }));
  }

  /** Another node has not heard of it: this one asks itself. */
  private doubt(nodeId: string): void {
    const peer = this.peers.get(nodeId)!;
    peer.pingedAt ??= this.member.engine.host.world.scheduler.now;
    this.send(nodeId, encode({ kind: "ping", from: this.id, networks: [...this.networks] }));
  }

  /** A ping and its answer say in which networks a node is: what was lost is asked for again. */
  private compare(from: string, peer: Peer, message: Extract<GossipMessage, { kind: "ping" | "ack" }>): void {
    if (message.kind === "ping")
      this.send(from, encode({ kind: "ack", from: this.id, networks: [...this.networks] }));
    const missing = message.networks.filter((id) => this.networks.has(id) && !peer.networks.has(id));
    for (const networkId of missing) this.announce(from, networkId);
    for (const networkId of message.networks) peer.networks.add(networkId);
  }

  private peerOf(nodeId: string, address: Ipv4): Peer {
    let peer = this.peers.get(nodeId);
    if (peer === undefined) {
      peer = { address, networks: new Set(), pingedAt: null };
      this.peers.set(nodeId, peer);
    }
    return peer;
  }

  private tellNetwork(networkId: string, message: GossipMessage): void {
    for (const [nodeId, { networks }] of this.peers)
      if (networks.has(networkId)) this.send(nodeId, encode(message));
  }

  private send(nodeId: string, bytes: Uint8Array): void {
    const address = this.peers.get(nodeId)?.address ?? this.member.cluster?.store.nodes.get(nodeId)?.address;
    if (address === undefined || this.socket === null) return;
    try {
      this.socket.sendTo(bytes, address, GOSSIP_PORT);
    } catch (error) {
      // Unreachable: as if the datagram were lost.
      if (!(error instanceof KernelError)) throw error;
    }
  }
}

function receive(socket: UdpSocket) {
  for (;;) {
    try {
      return socket.receive();
    } catch (error) {
      // An ICMP error about an earlier datagram.
      if (!(error instanceof KernelError)) throw error;
    }
  }
}
