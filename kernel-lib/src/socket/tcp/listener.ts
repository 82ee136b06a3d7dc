import type { WaitQueue } from "../../sim/wait-queue.js";
import type { Connection } from "./connection.js";
import type { Endpoint, SocketOwner, TcpSocketOptions } from "./state.js";

/** A listening socket: connections in the making, and those that wait for accept (inet_csk's accept queue). */
export class Listener {
  private readonly halfOpen = new Set<Connection>();
  private readonly ready: Connection[] = [];
  owner: SocketOwner | null = null;

  constructor(
    readonly local: Endpoint,
    readonly options: TcpSocketOptions,
    readonly wait: WaitQueue,
    readonly backlog: number,
  ) {}

  /** Connections that wait for accept. */
  get queued(): number {
    return this.ready.length;
  }

  /** One more than the backlog is let in (sk_acceptq_is_full). */
  get full(): boolean {
    return this.ready.length > this.backlog;
  }

  /** No room for another half-open connection. */
  get crowded(): boolean {
    return this.full || this.halfOpen.size > Math.max(this.backlog, 128);
  }

  begin(connection: Connection): void {
    this.halfOpen.add(connection);
    connection.listener = this;
  }

  /** The handshake is complete. */
  complete(connection: Connection): void {
    this.halfOpen.delete(connection);
    connection.listener = null;
    this.ready.push(connection);
    const { sockets } = connection;
    this.wait.wakeAll(sockets.elapsed + sockets.output.world.costs.wakeUp);
  }

  accept(): Connection | null {
    return this.ready.shift() ?? null;
  }

  forget(connection: Connection): void {
    this.halfOpen.delete(connection);
  }

  /** All connections that no program has taken: they end when the socket is closed. */
  get waiting(): Connection[] {
    return [...this.halfOpen, ...this.ready];
  }
}
