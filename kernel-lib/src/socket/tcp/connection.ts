import type { Errno } from "../../base/errno.js";
import type { Nanoseconds } from "../../base/units.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import type { SendOptions } from "../ipv4-output.js";
import { AckPolicy } from "./ack-policy.js";
import { ByteRing } from "./byte-ring.js";
import { Congestion } from "./congestion.js";
import type { Listener } from "./listener.js";
import type { Position } from "./position.js";
import { ReceiveQueue } from "./receive-queue.js";
import { ReceiveWindow } from "./receive-window.js";
import { RttEstimator } from "./rtt.js";
import { Scoreboard } from "./scoreboard.js";
import { readSettings, type TcpSettings } from "./settings.js";
import type { Endpoint, SocketOwner, TcpSocketOptions, TcpState } from "./state.js";
import { SuperPackets } from "./super-packet.js";
import { TailProbe } from "./tail-probe.js";
import type { TcpSockets } from "./tcp-sockets.js";
import { LazyTimer } from "./timer.js";
import { onAckTimer, onRetransmitTimer, onStateTimer } from "./timers.js";

/** The header values of a connection's packets: one record, changed before each packet. */
type Header = { -readonly [K in keyof SendOptions]: SendOptions[K] };

/** The segment size of a peer that announces none (RFC 9293 §3.7.1). */
export const DEFAULT_MSS = 536;
/** IPv4 and TCP headers without options. */
export const HEADERS = 40;
/** Bytes that timestamps take in each segment. */
export const TIMESTAMPS_LENGTH = 12;

/** One connection's state (a transmission control block, RFC 9293 §3.3.1). What happens to it is in input, output and timers. */
export class Connection {
  state: TcpState = "CLOSED";
  error: Errno | null = null;
  /** An ICMP error that does not end the connection; reported when it times out. */
  softError: Errno | null = null;
  wait: WaitQueue;
  owner: SocketOwner | null = null;
  /** The listener that a half-open connection belongs to. */
  listener: Listener | null = null;
  /** The program has closed it: nobody will read. */
  orphan = false;
  /** The program will send no more: a FIN follows the last byte. */
  finQueued = false;
  /** The peer's FIN has come. */
  finReceived = false;
  /** The peer has acknowledged something since the last packet: its link-layer address is right (dst_confirm). */
  progressed = false;
  /** The program waits for room to write. */
  writerWaits = false;
  /** The local port was chosen by connect, so connections to other destinations may share it. */
  sharesPort = false;
  /** Next connection with the same ports in the table. */
  chained: Connection | null = null;

  readonly settings: TcpSettings;
  readonly header: Header;
  identification: number;

  /** The initial sequence number: the SYN's place. */
  readonly initial: Position;
  /** First unacknowledged, next to send, end of what the program gave. */
  una: Position;
  nxt: Position;
  writeEnd: Position;
  readonly sending: ByteRing;
  /** The peer's window in bytes, the largest seen, and what set it last. */
  peerWindow = 0;
  peerWindowMax = 0;
  peerWindowSequence: Position = 0;
  peerScale = 0;
  /** Segment size that the peer announced, and the one in use (timestamps already taken off). */
  peerMss = DEFAULT_MSS;
  mss = DEFAULT_MSS;
  /** Segment size that we announce, and the payload that it leaves beside the options of each segment (advmss). */
  readonly announcedMss: number;
  advertisedMss: number;
  /** End of the last segment that was smaller than the segment size (Minshall's Nagle), and of the last push. */
  smallEnd: Position = 0;
  pushed: Position;
  congestion: Congestion;
  readonly scoreboard = new Scoreboard();
  readonly rtt = new RttEstimator();
  readonly tail = new TailProbe();
  /** What the retransmission timer is set for (icsk_pending): the timeout, a probe of the tail, or packets that may only be late. */
  timerFor: "timeout" | "tail" | "reorder" = "timeout";
  readonly superPackets = new SuperPackets();
  /** One segment at a time is timed: its end and when it left; -1 for none. */
  timedEnd: Position = -1;
  timedAt: Nanoseconds = 0;
  /** Segments sent again, all in all (total_retrans of struct tcp_info). */
  retransmitted = 0;
  /** Retransmissions in a row, and when the first one was due. */
  retries = 0;
  retryingSince: Nanoseconds = 0;
  /** Probes of a closed window that nobody has answered, and how often the time between probes has doubled (icsk_backoff): an answer does not change that. */
  probes = 0;
  probeBackoff = 0;

  queue = new ReceiveQueue(0);
  window: ReceiveWindow;
  acks: AckPolicy;
  sackAllowed: boolean;
  timestamps: boolean;
  readonly timestampOffset: number;
  /** The peer's latest timestamp, to be echoed. */
  recentTimestamp = 0;
  /** When the last challenge acknowledgement left (RFC 5961 §7). */
  challengedAt: Nanoseconds = Number.NEGATIVE_INFINITY;

  readonly retransmitTimer: LazyTimer<Connection>;
  readonly ackTimer: LazyTimer<Connection>;
  /** TIME_WAIT and the orphan's FIN_WAIT2. */
  readonly stateTimer: LazyTimer<Connection>;

  constructor(
    readonly sockets: TcpSockets,
    readonly local: Endpoint,
    readonly remote: Endpoint,
    readonly options: TcpSocketOptions,
  ) {
    const { scheduler } = sockets.output.world;
    this.wait = new WaitQueue(scheduler);
    this.settings = readSettings(sockets.output);
    this.header = sockets.headerFor(local.address, remote.address, options);
    this.identification = sockets.secrets.identification();
    const initial = sockets.secrets.sequence(
      local.address,
      remote.address,
      local.port,
      remote.port,
      scheduler.now,
    );
    this.initial = initial;
    this.una = initial;
    this.nxt = initial;
    this.writeEnd = initial + 1;
    this.pushed = initial;
    this.sending = new ByteRing(initial + 1);
    const most = options.maximumSegment || Number.POSITIVE_INFINITY;
    this.announcedMss = Math.min(sockets.announcedMss(remote.address), most);
    this.advertisedMss = this.announcedMss;
    this.congestion = new Congestion(DEFAULT_MSS);
    this.window = new ReceiveWindow(
      this.settings.receiveBuffer,
      this.settings.receiveBufferMax,
      this.advertisedMss,
    );
    this.acks = new AckPolicy(DEFAULT_MSS, scheduler.now);
    this.sackAllowed = this.settings.sack;
    this.timestamps = this.settings.timestamps;
    this.timestampOffset = sockets.secrets.timestampOffset(local.address, remote.address);
    this.retransmitTimer = new LazyTimer<Connection>(scheduler, this, onRetransmitTimer);
    this.ackTimer = new LazyTimer<Connection>(scheduler, this, onAckTimer);
    this.stateTimer = new LazyTimer<Connection>(scheduler, this, onStateTimer);
  }

  get now(): Nanoseconds {
    return this.sockets.output.world.scheduler.now;
  }

  /** The value of our timestamp option now: milliseconds plus the pair's offset. */
  get timestampNow(): number {
    return (Math.floor(this.now / 1e6) + this.timestampOffset) >>> 0;
  }

  /** Bytes in the network, as far as known; a small segment counts as a whole one. */
  get inFlight(): number {
    return this.scoreboard.inFlight * this.mss;
  }

  /** It is over: what a call in between may have brought about. */
  isClosed(): boolean {
    return this.state === "CLOSED";
  }

  /** The last position that we have to send, the FIN included. */
  get sendEnd(): Position {
    return this.finQueued ? this.writeEnd + 1 : this.writeEnd;
  }

  /** Our FIN has left. */
  get finSent(): boolean {
    return this.finQueued && this.nxt > this.writeEnd;
  }

  /** Both sides have agreed on timestamps and sizes: sets the size of segments from the peer's MSS and the path (tcp_sync_mss). */
  fitMss(): void {
    const path = this.sockets.output.pathMtu(this.remote.address) - HEADERS;
    const mss = Math.max(48, Math.min(this.peerMss, path)) - (this.timestamps ? TIMESTAMPS_LENGTH : 0);
    if (mss === this.mss) return;
    this.mss = mss;
    this.congestion.shrink(mss);
  }

  /** Wakes the program after the time that the packet at hand has taken, plus the scheduler's. */
  wake(): void {
    this.wait.wakeAll(this.sockets.elapsed + this.sockets.output.world.costs.wakeUp);
  }

  /** Room in the send buffer may have come: wakes a program that waits for it. */
  wakeWriter(): void {
    if (!this.writerWaits || this.sendRoom <= 0) return;
    this.writerWaits = false;
    this.wake();
  }

  /** Bytes that the send buffer takes now: it grows with the congestion window (tcp_sndbuf_expand). */
  get sendRoom(): number {
    const { sendBuffer, sendBufferMax } = this.settings;
    const size = Math.min(sendBufferMax, Math.max(sendBuffer, 2 * this.congestion.window));
    return Math.max(0, size - (this.writeEnd - this.sending.base));
  }

  /** Starts the handshake's clocks; the SYN has just been sent or is about to be. */
  startHandshake(): void {
    this.timedEnd = this.initial + 1;
    this.timedAt = this.now;
    this.retransmitTimer.set(this.rtt.timeout);
  }

  /** The end: takes it out of the table, stops its timers and tells the program. */
  finish(error: Errno | null): void {
    if (this.state === "CLOSED") return;
    const { statistics } = this.sockets;
    if (this.state === "SYN_SENT" || this.state === "SYN_RECV") statistics.AttemptFails++;
    if (this.state === "ESTABLISHED" || this.state === "CLOSE_WAIT") statistics.EstabResets++;
    this.state = "CLOSED";
    if (error !== null && this.error === null) this.error = error;
    this.retransmitTimer.dispose();
    this.ackTimer.dispose();
    this.stateTimer.dispose();
    this.sending.free();
    if (this.orphan) this.queue.free();
    this.listener?.forget(this);
    this.listener = null;
    this.sockets.remove(this);
    this.wake();
  }
}
