import { KernelError } from "../../base/errno.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import type { GatewayConnector, GatewayLink } from "./connector.js";

/** Bytes read at once. */
const CHUNK = 65_536;

/** A connection of the lab with its real counterpart. */
interface Pair {
  readonly socket: TcpSocket;
  readonly link: GatewayLink;
  /** What the server has sent and the lab has not taken yet. */
  readonly output: Uint8Array[];
  serverClosed: boolean;
  labClosed: boolean;
}

/**
 * Joins a real server to the lab: every connection to a port of the lab becomes a real one. The clock stands still until the server has answered what it was sent. Divergence: what
 * the server does by itself (expiry, the end of a blocking command) goes by real time, and reaches the lab at the next exchange of bytes.
 */
export class Gateway {
  private readonly pairs = new Set<Pair>();
  /** Wakes when the gateway is closed. */
  private readonly ended: WaitQueue;
  private armed = false;
  private closed = false;
  private readonly leaveQueues: (() => void)[] = [];

  constructor(
    private readonly process: Process,
    private readonly listener: TcpSocket,
    private readonly connector: GatewayConnector,
  ) {
    this.ended = new WaitQueue(process.host.world.scheduler);
  }

  /** Serves until {@link close}. */
  *run(): Steps<void> {
    this.rearm();
    while (!this.closed) yield* until([this.ended]);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.disarm();
    for (const pair of this.pairs) {
      pair.link.end();
      pair.socket.close();
    }
    this.pairs.clear();
    this.listener.close();
    this.ended.wakeAll();
  }

  /** Something has happened to one of the sockets: an event of its own looks at all of them. */
  private readonly woken = (): void => {
    if (this.armed || this.closed) return;
    this.armed = true;
    this.disarm();
    this.process.host.world.scheduler.after(0, this.look);
  };

  private readonly look = (): void => {
    const { asyncWork, scheduler } = this.process.host.world;
    if (this.closed) return;
    asyncWork.demand(scheduler, () => `the gateway to ${this.connector.target}`, this.look);
    this.armed = false;
    if (!this.take()) {
      this.deliver();
      this.rearm();
      return;
    }
    asyncWork.begin();
    const done = () => {
      if (!this.closed) {
        this.deliver();
        this.rearm();
      }
      asyncWork.end();
    };
    this.connector.settled().then(done, done);
  };

  /** Takes connections and bytes from the lab to the server; true when the server has something to do. */
  private take(): boolean {
    let moved = false;
    for (let socket = this.listener.accept(); socket !== null; socket = this.listener.accept()) {
      this.join(socket);
      moved = true;
    }
    for (const pair of this.pairs) moved = this.forward(pair) || moved;
    return moved;
  }

  private join(socket: TcpSocket): void {
    socket.options.noDelay = true;
    const output: Uint8Array[] = [];
    const link = this.connector.open({
      received: (bytes) => output.push(bytes),
      closed: () => {
        pair.serverClosed = true;
      },
    });
    const pair: Pair = { socket, link, output, serverClosed: false, labClosed: false };
    this.pairs.add(pair);
  }

  private forward(pair: Pair): boolean {
    if (pair.labClosed) return false;
    let moved = false;
    try {
      for (let bytes = pair.socket.receive(CHUNK); bytes !== null; bytes = pair.socket.receive(CHUNK)) {
        moved = true;
        if (bytes.length > 0) {
          pair.link.send(bytes);
          continue;
        }
        this.leave(pair);
        break;
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.leave(pair);
      moved = true;
    }
    return moved;
  }

  /** The lab's end has closed. */
  private leave(pair: Pair): void {
    pair.labClosed = true;
    pair.link.end();
    pair.socket.close();
    this.pairs.delete(pair);
  }

  /** Gives the lab what the server has sent. */
  private deliver(): void {
    for (const pair of this.pairs) {
      const { socket, output } = pair;
      try {
        while (output.length > 0) {
          const taken = socket.send(output[0]!);
          if (taken < output[0]!.length) {
            output[0] = output[0]!.subarray(taken);
            break;
          }
          output.shift();
        }
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        this.leave(pair);
        continue;
      }
      if (pair.serverClosed && output.length === 0) this.leave(pair);
    }
  }

  private rearm(): void {
    for (const queue of [this.listener.wait, ...[...this.pairs].map(({ socket }) => socket.wait)])
      this.leaveQueues.push(queue.add(this.woken));
  }

  private disarm(): void {
    for (const leave of this.leaveQueues) leave();
    this.leaveQueues.length = 0;
  }
}
