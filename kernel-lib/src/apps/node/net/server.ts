import type * as Events from "node:events";
import { formatIpv4, parseIpv4 } from "../../../base/addresses.js";
import { KernelError } from "../../../base/errno.js";
import type { TcpSocket } from "../../../socket/tcp/tcp-socket.js";
import { openSocket } from "../../../tools/net/stream.js";
import { nodeError, socketError } from "../errors.js";
import type { Runtime } from "../runtime.js";
import { isIPv4, isIPv6 } from "./addresses.js";
import { readPort } from "./connect-options.js";
import { type NetSocket, type NetSocketClass, resolveName } from "./socket.js";
import { TcpHandle } from "./tcp-handle.js";

export interface ServerOptions {
  readonly allowHalfOpen?: boolean;
  readonly pauseOnConnect?: boolean;
  readonly noDelay?: boolean;
  readonly keepAlive?: boolean;
  readonly highWaterMark?: number;
}

/** A `net.Server` as the other modules use it. */
export interface NetServer extends Events.EventEmitter {
  readonly listening: boolean;
  maxConnections: number | undefined;
  listen(...args: unknown[]): this;
  close(callback?: (error?: Error) => void): this;
  address(): { address: string; family: string; port: number } | null;
  getConnections(callback: (error: Error | null, count: number) => void): this;
  ref(): this;
  unref(): this;
  /** Connections that are open. */
  readonly visitors: ReadonlySet<NetSocket>;
}

export type NetServerClass = new (...args: unknown[]) => NetServer;

interface ListenOptions {
  readonly port: number;
  readonly host: string | null;
  readonly backlog: number;
}

/** The class `net.Server` of one process. */
export function serverClass(runtime: Runtime, Socket: NetSocketClass): NetServerClass {
  const { loop, task } = runtime;
  const { EventEmitter } = runtime.core<typeof Events>("events");

  class Server extends EventEmitter {
    maxConnections: number | undefined = undefined;
    readonly visitors = new Set<NetSocket>();
    readonly options: ServerOptions;
    private listener: TcpSocket | null = null;
    private opening = false;
    private release: (() => void) | null = null;
    private disown: (() => void) | null = null;
    private leaveQueue: (() => void) | null = null;
    private referenced = true;
    private closing = false;

    constructor(...args: unknown[]) {
      super();
      const [first, second] = args;
      this.options = typeof first === "object" && first !== null ? (first as ServerOptions) : {};
      const visit = typeof first === "function" ? first : second;
      if (typeof visit === "function") this.on("connection", visit as () => void);
    }

    get listening(): boolean {
      return this.listener !== null;
    }

    listen(...args: unknown[]): this {
      if (this.listener !== null || this.opening)
        throw nodeError(
          "ERR_SERVER_ALREADY_LISTEN",
          "Listen method has been called more than once without closing.",
        );
      const last = args.at(-1);
      if (typeof last === "function") this.once("listening", last as () => void);
      const options = readListen(args);
      this.opening = true;
      const { host } = options;
      if (host === null || isIPv4(host) || isIPv6(host)) this.open(options, host);
      else
        resolveName(runtime, host, (error, address) => {
          if (error === null) this.open(options, address);
          else {
            this.opening = false;
            this.emit("error", error);
          }
        });
      return this;
    }

    private open({ port, backlog }: ListenOptions, address: string | null): void {
      this.opening = false;
      const any = address === null || address === "::" || address === "0.0.0.0";
      try {
        if (!any && isIPv6(address)) throw new KernelError("EADDRNOTAVAIL");
        const listener = openSocket(task);
        listener.options.reuseAddress = true;
        try {
          listener.bind(any ? 0 : parseIpv4(address!), port);
          listener.listen(backlog);
        } catch (error) {
          listener.close();
          throw error;
        }
        this.listener = listener;
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        const failure = socketError(error.errno, "listen", { address: address ?? "::", port });
        loop.tick(() => this.emit("error", failure));
        return;
      }
      this.asked = address;
      if (this.referenced) this.release = loop.hold("others");
      this.disown = loop.owns(() => this.listener?.close());
      this.watch();
      loop.tick(() => {
        if (this.listener !== null) this.emit("listening");
      });
    }

    /** The address as it was asked for; null: any. */
    private asked: string | null = null;

    private watch(): void {
      this.leaveQueue = this.listener!.wait.add(() => {
        if (this.listener !== null) loop.after(0, () => this.accept());
      });
    }

    private accept(): void {
      if (this.listener === null) return;
      this.watch();
      for (let tcp = this.listener.accept(); tcp !== null; tcp = this.listener?.accept() ?? null)
        this.welcome(tcp);
    }

    private welcome(tcp: TcpSocket): void {
      const handle = new TcpHandle(loop, tcp, "others");
      if (this.maxConnections !== undefined && this.visitors.size >= this.maxConnections) {
        handle.close();
        this.emit("drop", {
          localAddress: formatIpv4(tcp.local.address),
          localPort: tcp.local.port,
          remoteAddress: formatIpv4(tcp.remote.address),
          remotePort: tcp.remote.port,
        });
        return;
      }
      const {
        allowHalfOpen = false,
        noDelay = false,
        keepAlive = false,
        pauseOnConnect = false,
      } = this.options;
      const socket = new Socket({ handle, allowHalfOpen, noDelay, keepAlive });
      if (pauseOnConnect) socket.pause();
      socket.server = this;
      this.visitors.add(socket);
      socket.once("close", () => {
        this.visitors.delete(socket);
        this.finishClosing();
      });
      this.emit("connection", socket);
    }

    close(callback?: (error?: Error) => void): this {
      if (callback !== undefined) {
        if (this.listener === null)
          this.once("close", () => callback(nodeError("ERR_SERVER_NOT_RUNNING", "Server is not running.")));
        else this.once("close", () => callback());
      }
      this.leaveQueue?.();
      this.disown?.();
      this.listener?.close();
      this.listener = null;
      this.release?.();
      this.release = null;
      this.closing = true;
      this.finishClosing();
      return this;
    }

    private finishClosing(): void {
      if (!this.closing || this.visitors.size > 0) return;
      this.closing = false;
      loop.tick(() => this.emit("close"));
    }

    async [Symbol.for("nodejs.asyncDispose")](): Promise<void> {
      await new Promise<void>((resolve) => this.close(() => resolve()));
    }

    address(): { address: string; family: string; port: number } | null {
      if (this.listener === null) return null;
      const { port } = this.listener.local;
      // Node listens on :: when nothing else is asked for, which takes IPv4 too.
      if (this.asked === null) return { address: "::", family: "IPv6", port };
      return { address: this.asked, family: isIPv6(this.asked) ? "IPv6" : "IPv4", port };
    }

    getConnections(callback: (error: Error | null, count: number) => void): this {
      loop.tick(() => callback(null, this.visitors.size));
      return this;
    }

    ref(): this {
      this.referenced = true;
      if (this.listener !== null) this.release ??= loop.hold("others");
      return this;
    }

    unref(): this {
      this.referenced = false;
      this.release?.();
      this.release = null;
      return this;
    }
  }
  return Server as unknown as NetServerClass;
}

function readListen(args: readonly unknown[]): ListenOptions {
  const [first, second, third] = args;
  if (typeof first === "object" && first !== null) {
    const { port, host, backlog, path } = first as {
      port?: unknown;
      host?: string;
      backlog?: number;
      path?: unknown;
    };
    if (path !== undefined)
      throw nodeError(
        "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
        `sockets of the file system are not supported here (${String(path)})`,
      );
    return { port: readPort(port ?? 0, "options.port"), host: host ?? null, backlog: backlog ?? 511 };
  }
  if (typeof first === "string" && !/^\d+$/.test(first))
    throw nodeError(
      "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
      `sockets of the file system are not supported here (${first})`,
    );
  const port =
    first === undefined || first === null || typeof first === "function"
      ? 0
      : readPort(first, "options.port");
  const host = typeof second === "string" && second !== "" ? second : null;
  const backlog = typeof second === "number" ? second : typeof third === "number" ? third : 511;
  return { port, host, backlog };
}
