import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Nanoseconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { connect, openSocket } from "../../tools/net/stream.js";
import type { Message } from "./messages.js";

/** TCP port of the control plane. */
export const CONTROL_PORT = 2377;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * One connection of the control plane. Divergence: swarmkit speaks gRPC under mutual TLS; here a message is a line of JSON, in the clear.
 */
export class ControlChannel {
  /** The other side has ended it, or it has broken. */
  closed = false;
  private input = "";
  private output: Uint8Array = new Uint8Array(0);

  constructor(readonly socket: TcpSocket) {
    socket.options.noDelay = true;
  }

  send(message: Message): void {
    const line = encoder.encode(`${JSON.stringify(message)}\n`);
    const joined = new Uint8Array(this.output.length + line.length);
    joined.set(this.output);
    joined.set(line, this.output.length);
    this.output = joined;
    this.flush();
  }

  /** The messages that have come; sends what had no room before. */
  receive(): readonly Message[] {
    this.flush();
    this.attempt(() => {
      for (let bytes = this.socket.receive(); bytes !== null; bytes = this.socket.receive()) {
        if (bytes.length === 0) {
          this.closed = true;
          return;
        }
        this.input += decoder.decode(bytes, { stream: true });
      }
    });
    if (!this.input.includes("\n")) return [];
    const lines = this.input.split("\n");
    this.input = lines.pop()!;
    return lines.map((line) => JSON.parse(line) as Message);
  }

  /** The next message; null when the connection ends or the deadline (absolute virtual time) comes first. */
  *answer(process: Process, deadline: Nanoseconds): Steps<Message | null> {
    const { scheduler } = process.host.world;
    for (;;) {
      const [first] = this.receive();
      if (first !== undefined) return first;
      if (this.closed || scheduler.now >= deadline) return null;
      yield* until([this.socket.wait], deadline);
    }
  }

  close(): void {
    this.closed = true;
    this.socket.close();
    this.socket.wait.wakeAll();
  }

  private flush(): void {
    this.attempt(() => {
      while (this.output.length > 0) {
        const taken = this.socket.send(this.output);
        if (taken === 0) return;
        this.output = this.output.subarray(taken);
      }
    });
  }

  private attempt(action: () => void): void {
    if (this.closed) return;
    try {
      action();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.closed = true;
    }
  }
}

/** Opens a connection to a manager. Throws KernelError as connect(2) does; ETIMEDOUT at the deadline. */
export function* openChannel(
  process: Process,
  address: Ipv4,
  port: number,
  deadline: Nanoseconds,
): Steps<ControlChannel> {
  const socket = openSocket(process);
  try {
    yield* connect(process, socket, address, port, deadline);
    return new ControlChannel(socket);
  } catch (error) {
    socket.close();
    throw error;
  }
}
