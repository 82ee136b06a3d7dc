import { KernelError } from "../../base/errno.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { sendAll } from "../net/stream.js";
import { ToolExit } from "../tool-exit.js";

/** States of a test, one byte each on the control connection (iperf_api.h). */
export const STATE = {
  testStart: 1,
  testRunning: 2,
  testEnd: 4,
  exchangeParameters: 9,
  createStreams: 10,
  serverTerminates: 11,
  clientTerminates: 12,
  exchangeResults: 13,
  displayResults: 14,
  done: 16,
  accessDenied: 255,
  serverError: 254,
} as const;

/** Bytes of the cookie that names a test, the zero at its end among them. */
export const COOKIE_LENGTH = 37;

export const COOKIE_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** The control connection: single bytes for states, a length of four bytes before JSON texts. */
export class Control {
  private pending = new Uint8Array(0);
  private ended = false;

  constructor(
    private readonly process: Process,
    readonly socket: TcpSocket,
  ) {
    socket.options.noDelay = true;
  }

  *sendState(state: number): Steps<void> {
    yield* this.write(Uint8Array.of(state));
  }

  *sendCookie(cookie: Uint8Array): Steps<void> {
    yield* this.write(cookie);
  }

  *sendJson(value: unknown): Steps<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    yield* this.write(length);
    yield* this.write(bytes);
  }

  private *write(bytes: Uint8Array): Steps<void> {
    try {
      yield* sendAll(this.process, this.socket, bytes);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      throw closed();
    }
  }

  /** A state that has come, or null. Throws when the connection has ended. */
  peekState(): number | null {
    this.fill();
    if (this.pending.length > 0) return this.take(1)[0]!;
    if (this.ended) throw closed();
    return null;
  }

  *state(): Steps<number> {
    return (yield* this.bytes(1))[0]!;
  }

  *json(): Steps<unknown> {
    const head = yield* this.bytes(4);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    return JSON.parse(new TextDecoder().decode(yield* this.bytes(length)));
  }

  *bytes(count: number): Steps<Uint8Array> {
    for (;;) {
      this.fill();
      if (this.pending.length >= count) return this.take(count);
      if (this.ended) throw closed();
      yield* until([this.socket.wait]);
    }
  }

  private take(count: number): Uint8Array {
    const taken = this.pending.slice(0, count);
    this.pending = this.pending.slice(count);
    return taken;
  }

  private fill(): void {
    try {
      for (let bytes = this.socket.receive(65536); bytes !== null; bytes = this.socket.receive(65536)) {
        if (bytes.length === 0) {
          this.ended = true;
          return;
        }
        this.pending = Uint8Array.of(...this.pending, ...bytes);
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.ended = true;
    }
  }
}

function closed(): ToolExit {
  return new ToolExit(1, "iperf3: error - control socket has closed unexpectedly\n");
}

/** What the client asks for, in the names of iperf3's JSON. */
export interface TestParameters {
  readonly tcp?: true;
  readonly udp?: true;
  readonly omit: number;
  readonly time?: number;
  readonly num: number;
  readonly blockcount: number;
  readonly MSS?: number;
  readonly nodelay?: true;
  readonly parallel: number;
  readonly reverse?: true;
  readonly len: number;
  readonly bandwidth?: number;
  readonly pacing_timer: number;
  readonly client_version: string;
}

/** What both ends tell of a test that is over. */
export interface TestResults {
  readonly cpu_util_total: number;
  readonly cpu_util_user: number;
  readonly cpu_util_system: number;
  readonly sender_has_retransmits: number;
  readonly congestion_used?: string;
  readonly streams: readonly {
    readonly id: number;
    readonly bytes: number;
    readonly retransmits: number;
    readonly jitter: number;
    readonly errors: number;
    readonly packets: number;
    readonly start_time: number;
    readonly end_time: number;
  }[];
}
