import { type Ipv4, parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { us } from "../../kernel-lib/src/base/units.js";
import type { Random } from "../../kernel-lib/src/sim/random.js";
import type { Ipv4Output, SendOptions } from "../../kernel-lib/src/socket/ipv4-output.js";
import { TcpSockets } from "../../kernel-lib/src/socket/tcp/tcp-sockets.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import type { Packet } from "../../kernel-lib/src/wire/packet.js";
import {
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  tcp,
  tcpHeaderLength,
} from "../../kernel-lib/src/wire/tcp.js";
import { readTcpOptions, TcpOptions } from "../../kernel-lib/src/wire/tcp-options.js";

export const LEFT = parseIpv4("172.17.0.2");
export const RIGHT = parseIpv4("172.17.0.3");

export interface Faults {
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
}

/** Two namespaces and a wire: the smallest network layer that TCP runs on. */
export class Link {
  readonly world: World;
  readonly left: End;
  readonly right: End;
  /** One line for each segment that was sent, when `recording` is set. */
  readonly lines: string[] = [];
  recording = false;
  /** Decides the fate of single segments in tests of retransmission: true loses it. */
  lose: (line: string) => boolean = () => false;
  /** Sequence numbers of the segment at hand as tcpdump shows them, relative to the SYN of its end: `101:1101`. */
  lastRange = "";
  private readonly chance: Random;

  constructor(
    seed: number,
    readonly faults: Faults = {},
    readonly mtu = 1500,
    readonly delay = us(20),
  ) {
    this.world = new World(seed);
    this.chance = this.world.random.fork("link");
    this.left = new End(this, "left", LEFT);
    this.right = new End(this, "right", RIGHT);
  }

  carry(from: End, packet: Packet, options: SendOptions): void {
    const to = options.destination === from.address ? from : from === this.left ? this.right : this.left;
    const line = this.recording || this.lose !== keep ? describe(packet, options) : "";
    this.lastRange = from.rangeOf(packet);
    if (this.recording) this.lines.push(line);
    const { loss = 0, duplicate = 0, reorder = 0 } = this.faults;
    if (this.lose(line) || (loss > 0 && this.chance.unit() < loss) || options.destination !== to.address) {
      packet.release();
      return;
    }
    to.source = options.source;
    const late = reorder > 0 && this.chance.unit() < reorder ? us(this.chance.between(1, 200)) : 0;
    if (duplicate > 0 && this.chance.unit() < duplicate) {
      this.world.scheduler.after(this.delay + us(this.chance.between(0, 300)), arrive, to, packet.clone());
    }
    this.world.scheduler.after(this.delay + late, arrive, to, packet);
  }

  /** Runs until nothing is left to do or `limit` of virtual time has passed. */
  run(limit: number): void {
    this.world.scheduler.runFor(limit);
  }
}

const keep = () => false;

export class End implements Ipv4Output {
  readonly machine = "test";
  readonly tcp: TcpSockets;
  source: Ipv4 = 0;
  private initial = 0;
  mtu: number;
  sysctls = new Map<string, string>();

  constructor(
    private readonly link: Link,
    readonly label: string,
    readonly address: Ipv4,
  ) {
    this.mtu = link.mtu;
    this.tcp = new TcpSockets(this);
  }

  get world(): World {
    return this.link.world;
  }

  /** Sequence numbers of a segment relative to the SYN that this end sent last. */
  rangeOf({ bytes, start: at, length }: Packet): string {
    const sequence = tcp.sequence.get(bytes, at);
    if (tcp.flags.get(bytes, at) & TCP_SYN) this.initial = sequence;
    const first = (sequence - this.initial) >>> 0;
    return `${first}:${first + length - tcpHeaderLength(bytes, at)}`;
  }

  send(packet: Packet, options: SendOptions): void {
    this.link.carry(this, packet, options);
  }

  selectSource(): Ipv4 {
    return this.address;
  }

  takesSuperPackets(): boolean {
    return false;
  }

  pathMtu(): number {
    return this.mtu;
  }

  isLocal(address: Ipv4): boolean {
    return address === this.address;
  }
}

function arrive(end: unknown, packet: unknown): void {
  const at = end as End;
  const segment = packet as Packet;
  segment.transport = segment.start;
  at.tcp.receive(segment, at.address === LEFT ? RIGHT : LEFT, at.address);
}

/** A segment as tcpdump would put it, without what depends on the seed: `> [S] len 0 win 64240 [mss 1460,…]`. */
export function describe(packet: Packet, options: SendOptions): string {
  const { bytes, start: at } = packet;
  const flags = tcp.flags.get(bytes, at);
  const header = tcpHeaderLength(bytes, at);
  const read = new TcpOptions();
  readTcpOptions(bytes, at, header, (flags & TCP_SYN) !== 0, read);
  const letters: [number, string][] = [
    [TCP_FIN, "F"],
    [TCP_SYN, "S"],
    [TCP_RST, "R"],
    [TCP_PSH, "P"],
    [TCP_ACK, "."],
  ];
  const shown = letters.map(([bit, letter]) => (flags & bit ? letter : "")).join("");
  const words = [
    read.mss > 0 ? `mss ${read.mss}` : "",
    read.sackPermitted ? "sackOK" : "",
    read.hasTimestamps ? "TS" : "",
    read.windowScale >= 0 ? `wscale ${read.windowScale}` : "",
    read.sackCount > 0 ? `sack ${read.sackCount}` : "",
  ].filter((word) => word !== "");
  const length = packet.length - header;
  return `${options.source === LEFT ? ">" : "<"} [${shown}] len ${length} win ${tcp.window.get(bytes, at)} [${words.join(",")}]`;
}
