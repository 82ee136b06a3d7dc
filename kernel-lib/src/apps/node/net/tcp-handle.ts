import type { Ipv4 } from "../../../base/addresses.js";
import { type Errno, KernelError } from "../../../base/errno.js";
import type { TcpSocket } from "../../../socket/tcp/tcp-socket.js";
import type { EventLoop, Hold } from "../loop.js";

/** Most bytes of one read: libuv's buffer. */
const READ_SIZE = 65536;

/** What a stream does with what its handle tells. Each call is a callback of the loop. */
export interface HandleEvents {
  connected(error: Errno | null): void;
  /** False: read no more for now. */
  data(bytes: Uint8Array): boolean;
  ended(): void;
  failed(error: Errno, call: "read" | "write"): void;
}

/** A connected or connecting socket of the loop (uv_tcp_t). */
export class TcpHandle {
  private events: HandleEvents | null = null;
  private reading = false;
  private ended = false;
  private closed = false;
  private watching = false;
  private connecting = false;
  private queue: Uint8Array[] = [];
  private written: (() => void) | null = null;
  private leaveQueue: (() => void) | null = null;
  private release: (() => void) | null;
  private disown: () => void;
  private referenced = true;

  constructor(
    private readonly loop: EventLoop,
    readonly socket: TcpSocket,
    private readonly kind: Hold,
  ) {
    this.release = loop.hold(kind);
    this.disown = loop.owns(() => this.closeNow());
  }

  listen(events: HandleEvents): void {
    this.events = events;
    this.watch();
  }

  /** Throws KernelError when it cannot even begin. */
  connect(address: Ipv4, port: number): void {
    this.socket.connect(address, port);
    this.connecting = true;
    this.watch();
  }

  readStart(): void {
    if (this.reading) return;
    this.reading = true;
    this.loop.after(0, () => this.poll());
  }

  readStop(): void {
    this.reading = false;
  }

  /** Sends all; `done` when the kernel has taken the last byte. */
  write(bytes: readonly Uint8Array[], done: () => void): void {
    this.queue.push(...bytes.filter(({ length }) => length > 0));
    this.written = done;
    this.flush();
  }

  shutdown(): void {
    this.socket.shutdown();
  }

  ref(): void {
    this.referenced = true;
    if (!this.closed) this.release ??= this.loop.hold(this.kind);
  }

  unref(): void {
    this.referenced = false;
    this.release?.();
    this.release = null;
  }

  get hasRef(): boolean {
    return this.referenced && !this.closed;
  }

  close(reset = false): void {
    if (this.closed) return;
    if (reset) this.socket.abort();
    this.closeNow();
  }

  private closeNow(): void {
    if (this.closed) return;
    this.closed = true;
    this.leaveQueue?.();
    this.disown();
    this.socket.close();
    this.release?.();
    this.release = null;
  }

  /** Asks the socket to tell of the next change. */
  private watch(): void {
    if (this.watching || this.closed) return;
    this.watching = true;
    this.leaveQueue = this.socket.wait.add(() => {
      this.watching = false;
      if (!this.closed) this.loop.after(0, () => this.poll());
    });
  }

  /** Does what can be done now. */
  private poll(): void {
    if (this.closed) return;
    this.watch();
    if (this.connecting && !this.settleConnect()) return;
    if (this.queue.length > 0) this.flush();
    if (this.reading && !this.closed) this.read();
  }

  private settleConnect(): boolean {
    const { state } = this.socket;
    const { error } = this.socket;
    if (error === null && (state === "SYN_SENT" || state === "SYN_RECV")) return false;
    this.connecting = false;
    this.events?.connected(error);
    return error === null;
  }

  private read(): void {
    try {
      while (this.reading && !this.closed && !this.ended) {
        const bytes = this.socket.receive(READ_SIZE);
        if (bytes === null) return;
        if (bytes.length === 0) {
          this.ended = true;
          this.reading = false;
          this.events?.ended();
          return;
        }
        if (this.events?.data(bytes) === false) this.reading = false;
      }
    } catch (error) {
      this.fail(error, "read");
    }
  }

  private flush(): void {
    try {
      while (this.queue.length > 0) {
        const first = this.queue[0]!;
        const taken = this.socket.send(first);
        if (taken < first.length) {
          if (taken > 0) this.queue[0] = first.subarray(taken);
          this.watch();
          return;
        }
        this.queue.shift();
      }
    } catch (error) {
      this.queue = [];
      this.fail(error, "write");
      return;
    }
    const { written } = this;
    this.written = null;
    written?.();
  }

  private fail(error: unknown, call: "read" | "write"): void {
    if (!(error instanceof KernelError)) throw error;
    this.reading = false;
    this.events?.failed(error.errno, call);
  }
}
