import type { Ipv4 } from "../../base/addresses.js";
import { ms, type Nanoseconds, seconds } from "../../base/units.js";
import type { Steps } from "../../host/process.js";
import { sleepUntil, until } from "../../host/waits.js";
import { hashText } from "../../sim/random.js";
import type { Scheduler } from "../../sim/scheduler.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import type { SwarmMember } from "../member.js";
import { GossipSocket } from "./gossip-socket.js";
import { type GossipMessage, type HeardMessage, type Presence, parts } from "./message.js";
import { Rows } from "./rows.js";
import {
  type GossipEvent,
  type GossipTable,
  type GossipTables,
  type RowChange,
  rowChange,
} from "./tables.js";

/** Changes wait that long for others to go with them (memberlist's GossipInterval). */
const GATHER: Nanoseconds = ms(200);
/** Under this one the nodes of the recorded swarm heard each other in the order in which they did there. */
const PHASES = 5;
/** One node is asked each time whether it is still there. */
const PING_INTERVAL: Nanoseconds = seconds(5);
/** Without an answer for that long a node is thought to be dead. */
const PATIENCE: Nanoseconds = seconds(5);

/** The serial number that stands for a node of which no rows have come. */
const NOTHING_HEARD = -1;

/** The serial number of rows that are told again, to a node that has missed some. */
const PART_OF_ALL = 0;

/** A node's being in a network. */
interface Place {
  readonly since: Nanoseconds;
  /** Number of the last datagram with rows: sent by this node, or heard from the other. */
  serial: number;
}

interface Peer {
  readonly networks: Map<string, Place>;
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
  private readonly networks = new Map<string, Place>();
  private outbox: RowChange[] = [];
  private socket: GossipSocket | null = null;
  private readonly changed: WaitQueue;
  private next = 0;

  constructor(private readonly member: SwarmMember) {
    this.changed = new WaitQueue(member.engine.host.world.scheduler);
  }

  /** Opens the socket and begins to listen. What a killed daemon knew is forgotten. */
  open(): void {
    this.close();
    const socket = new GossipSocket(this.member.engine);
    this.socket = socket;
    this.member.background(socket.listen((message, source) => this.hear(message, source)));
    this.member.background(socket.accept());
    this.member.background(this.speak(socket));
    this.member.background(this.ask(socket));
  }

  /** Says goodbye where it can, and forgets all that it has heard. */
  close(): void {
    for (const networkId of this.networks.keys())
      this.tellNetwork(networkId, { kind: "leave", from: this.id, networkId });
    this.socket?.close();
    this.socket = null;
    this.networks.clear();
    this.peers.clear();
    this.outbox = [];
    this.rows.clear();
  }

  /** The nodes that are in a network, this one included, in the order in which they came there. */
  nodes(networkId: string): readonly string[] {
    const all = [[this.id, { networks: this.networks }] as const, ...this.peers];
    return all
      .flatMap(([id, { networks }]) => {
        const place = networks.get(networkId);
        return place === undefined ? [] : [{ id, since: place.since }];
      })
      .sort((a, b) => a.since - b.since)
      .map(({ id }) => id);
  }

  /** The node comes into a network: all nodes hear of it, and those in it tell what they know. */
  join(networkId: string): void {
    if (this.networks.has(networkId)) return;
    this.networks.set(networkId, { since: this.now, serial: 0 });
    for (const nodeId of this.others()) this.announce(nodeId, networkId);
  }

  leave(networkId: string): void {
    if (!this.networks.delete(networkId)) return;
    this.outbox = this.outbox.filter(({ record }) => record.networkId !== networkId);
    this.tellNetwork(networkId, { kind: "leave", from: this.id, networkId });
    this.rows.dropNetwork(networkId, this.id);
  }

  /** Puts a row of this node's own in, or changes it. */
  put<T extends GossipTable>(table: T, record: GossipTables[T]): void {
    this.change(rowChange(table, record, false));
  }

  delete(table: GossipTable, networkId: string, endpointId: string): void {
    const record = this.rows.get(table, networkId, endpointId);
    if (record !== null) this.change(rowChange(table, record, true));
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

  private get scheduler(): Scheduler {
    return this.member.engine.host.world.scheduler;
  }

  private get now(): Nanoseconds {
    return this.scheduler.now;
  }

  /** All other nodes of the swarm. */
  private others(): readonly string[] {
    return [...(this.member.cluster?.store.nodes.keys() ?? [])].filter((nodeId) => nodeId !== this.id);
  }

  private presence(networkId: string): Presence {
    const { since, serial } = this.networks.get(networkId)!;
    return [networkId, since, serial];
  }

  private change(change: RowChange): void {
    this.rows.apply(change, this.id, this.id);
    this.outbox.push(change);
    this.changed.wakeAll();
  }

  /** Sends what has gathered. */
  private *speak(socket: GossipSocket): Steps<void> {
    while (this.socket === socket) {
      while (this.outbox.length === 0) yield* until([this.changed]);
      yield* sleepUntil(this.scheduler, this.now + GATHER + this.phase);
      this.flush();
    }
  }

  /** The nodes' intervals have not begun together: which of two is heard first when both speak at once. */
  private get phase(): Nanoseconds {
    return ms((hashText(this.member.engine.host.name, PHASES) >>> 0) % 100);
  }

  private flush(): void {
    const byNetwork = new Map<string, RowChange[]>();
    for (const change of this.outbox.splice(0)) {
      const { networkId } = change.record;
      const known = byNetwork.get(networkId);
      if (known === undefined) byNetwork.set(networkId, [change]);
      else known.push(change);
    }
    for (const [networkId, own] of byNetwork) {
      const place = this.networks.get(networkId);
      if (place === undefined) continue;
      for (const changes of parts(own)) {
        const serial = ++place.serial;
        this.tellNetwork(networkId, { kind: "rows", from: this.id, networkId, serial, changes });
      }
    }
  }

  /** Asks one node after the other whether it is there. */
  private *ask(socket: GossipSocket): Steps<void> {
    while (this.socket === socket) {
      yield* sleepUntil(this.scheduler, this.now + PING_INTERVAL);
      this.buryTheDead();
      const known = this.others();
      if (known.length > 0) this.ping(known[this.next++ % known.length]!);
    }
  }

  private ping(nodeId: string): void {
    const peer = this.peers.get(nodeId);
    if (peer !== undefined) peer.pingedAt ??= this.now;
    this.send(nodeId, { kind: "ping", from: this.id, networks: this.presences() });
  }

  private presences(): readonly Presence[] {
    return [...this.networks.keys()].map((networkId) => this.presence(networkId));
  }

  private buryTheDead(): void {
    for (const [nodeId, { pingedAt }] of [...this.peers]) {
      if (pingedAt === null || this.now < pingedAt + PATIENCE) continue;
      this.peers.delete(nodeId);
      this.rows.dropNode(nodeId, this.id);
      for (const other of this.peers.keys()) this.send(other, { kind: "dead", from: this.id, nodeId });
    }
  }

  private hear(message: HeardMessage, source: Ipv4): void {
    const { from } = message;
    // Who has been put out of the swarm is not listened to any more.
    if (this.member.cluster?.store.nodes.get(from)?.address !== source) return;
    const peer = this.peerOf(from);
    peer.pingedAt = null;
    switch (message.kind) {
      case "rows":
        this.hearRows(peer, message);
        return;
      case "all":
        this.hearAll(peer, message);
        return;
      case "join":
        this.meet(peer, message.in);
        if (this.networks.has(message.in[0])) this.welcome(from, message.in[0], message.answer);
        return;
      case "leave":
        peer.networks.delete(message.networkId);
        this.rows.dropNodeIn(from, message.networkId, this.id);
        return;
      case "dead":
        if (message.nodeId === this.id) for (const id of this.networks.keys()) this.announce(from, id);
        else if (this.peers.has(message.nodeId)) this.ping(message.nodeId);
        return;
      default:
        this.compare(peer, message);
    }
  }

  private hearRows(
    peer: Peer,
    { from, networkId, serial, changes }: Extract<HeardMessage, { kind: "rows" }>,
  ): void {
    if (!this.networks.has(networkId)) return;
    for (const change of changes) this.rows.apply(change, from, this.id);
    if (serial === PART_OF_ALL) return;
    const place = peer.networks.get(networkId);
    if (place === undefined || serial !== place.serial + 1) this.announce(from, networkId);
    else place.serial = serial;
  }

  /** Rows that the node has not any more go. */
  private hearAll(peer: Peer, message: Extract<GossipMessage, { kind: "all" }>): void {
    const [networkId, since, serial] = message.in;
    if (!this.networks.has(networkId)) return;
    this.rows.keep(networkId, message.from, new Set(message.keys), this.id);
    peer.networks.set(networkId, { since, serial });
  }

  private meet(peer: Peer, [networkId, since, serial]: Presence): void {
    const known = peer.networks.get(networkId);
    if (known?.since !== since) peer.networks.set(networkId, { since, serial });
  }

  /** A node is in a network that this one is in, too: it hears the rows of this node. */
  private welcome(nodeId: string, networkId: string, answer: boolean): void {
    if (answer)
      this.send(nodeId, { kind: "join", from: this.id, in: this.presence(networkId), answer: false });
    const own = this.rows.rowsOf(networkId, this.id);
    for (const changes of parts([...own.values()]))
      this.send(nodeId, { kind: "rows", from: this.id, networkId, serial: PART_OF_ALL, changes });
    this.send(nodeId, { kind: "all", from: this.id, in: this.presence(networkId), keys: [...own.keys()] });
  }

  private announce(nodeId: string, networkId: string): void {
    this.send(nodeId, { kind: "join", from: this.id, in: this.presence(networkId), answer: true });
  }

  /** A ping and its answer say in which networks a node is, and how much it has sent there: what was lost is asked for again. */
  private compare(
    peer: Peer,
    { kind, from, networks }: Extract<GossipMessage, { kind: "ping" | "ack" }>,
  ): void {
    if (kind === "ping") this.send(from, { kind: "ack", from: this.id, networks: this.presences() });
    for (const presence of networks) {
      const [networkId, since, serial] = presence;
      const known = peer.networks.get(networkId);
      const current = known !== undefined && known.since === since && known.serial === serial;
      if (this.networks.has(networkId) && !current) this.announce(from, networkId);
      // Its rows are not here before all of them have come: the next ping asks again where the answer is lost.
      this.meet(peer, [networkId, since, NOTHING_HEARD]);
    }
  }

  private peerOf(nodeId: string): Peer {
    let peer = this.peers.get(nodeId);
    if (peer === undefined) {
      peer = { networks: new Map(), pingedAt: null };
      this.peers.set(nodeId, peer);
    }
    return peer;
  }

  private tellNetwork(networkId: string, message: GossipMessage): void {
    const nodes = [...this.peers].filter(([, { networks }]) => networks.has(networkId)).map(([id]) => id);
    this.socket?.send(
      message,
      nodes.map((nodeId) => this.addressOf(nodeId)),
    );
  }

  private send(nodeId: string, message: GossipMessage): void {
    this.socket?.send(message, [this.addressOf(nodeId)]);
  }

  /** 0: it is no node of the swarm any more. */
  private addressOf(nodeId: string): Ipv4 {
    return this.member.cluster?.store.nodes.get(nodeId)?.address ?? 0;
  }
}
