import type * as Stream from "node:stream";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../../base/addresses.js";
import { type Errno, KernelError } from "../../../base/errno.js";
import { Thread } from "../../../host/thread.js";
import { lookup } from "../../../tools/net/resolve.js";
import { openSocket } from "../../../tools/net/stream.js";
import { errnoOf, nodeError, type SystemError, socketError } from "../errors.js";
import type { Runtime } from "../runtime.js";
import type { Timeout } from "../timers.js";
import { isIPv4, isIPv6 } from "./addresses.js";
import { type ConnectOptions, readConnect } from "./connect-options.js";
import { type HandleEvents, TcpHandle } from "./tcp-handle.js";

/** Options of `new net.Socket`. */
export interface SocketOptions {
  readonly handle?: TcpHandle;
  readonly allowHalfOpen?: boolean;
  readonly readable?: boolean;
  readonly writable?: boolean;
  readonly noDelay?: boolean;
  readonly keepAlive?: boolean;
  readonly signal?: AbortSignal;
  readonly highWaterMark?: number;
}

/** A `net.Socket` as the other modules use it. */
export interface NetSocket extends Stream.Duplex {
  connecting: boolean;
  bytesRead: number;
  bytesWritten: number;
  remoteAddress?: string;
  remotePort?: number;
  timeout: number;
  server?: unknown;
  parser?: unknown;
  _httpMessage?: unknown;
  connect(...args: unknown[]): NetSocket;
  setTimeout(milliseconds: number, callback?: () => void): NetSocket;
  setNoDelay(on?: boolean): NetSocket;
  setKeepAlive(on?: boolean, delay?: number): NetSocket;
  ref(): NetSocket;
  unref(): NetSocket;
}

export type NetSocketClass = new (options?: SocketOptions | object) => NetSocket;

type Done = (error?: Error | null) => void;

/** The class `net.Socket` of one process: a Duplex over a TCP socket of the lab. */
export function socketClass(runtime: Runtime): NetSocketClass {
  const { loop, task } = runtime;
  const { Duplex } = runtime.core<typeof Stream>("stream");
  const { Buffer } = runtime.core<{ Buffer: BufferConstructor }>("buffer");

  class Socket extends Duplex implements HandleEvents {
    connecting = false;
    bytesRead = 0;
    timeout = 0;
    server: unknown = null;
    autoSelectFamilyAttemptedAddresses: string[] | undefined = undefined;
    _handle: TcpHandle | null = null;
    private sent = 0;
    private peer: { address: string; port: number } | null = null;
    private wanted: { noDelay: boolean; keepAlive: boolean } = { noDelay: false, keepAlive: false };
    private referenced = true;
    private timer: Timeout | null = null;
    private looking: (() => void) | null = null;

    constructor(options: SocketOptions = {}) {
      const { highWaterMark } = options;
      super({
        allowHalfOpen: options.allowHalfOpen ?? false,
        emitClose: false,
        autoDestroy: true,
        decodeStrings: true,
        ...(highWaterMark === undefined ? {} : { highWaterMark }),
      });
      if (options.noDelay === true) this.wanted.noDelay = true;
      if (options.keepAlive === true) this.wanted.keepAlive = true;
      if (options.handle !== undefined) this.adopt(options.handle);
      options.signal?.addEventListener("abort", () => this.destroy(options.signal?.reason as Error));
      this.on("end", () => {
        if (!this.allowHalfOpen) this.end();
      });
    }

    /** A connection that a server has accepted. */
    private adopt(handle: TcpHandle): void {
      this._handle = handle;
      handle.listen(this);
      this.remember(handle);
      if (this.wanted.noDelay) handle.socket.options.noDelay = true;
      handle.readStart();
    }

    private remember({ socket }: TcpHandle): void {
      this.peer = { address: formatIpv4(socket.remote.address), port: socket.remote.port };
    }

    connect(...args: unknown[]): this {
      const { options, callback } = readConnect(args);
      if (callback !== null) this.once("connect", callback);
      if (this.destroyed) (this as unknown as { _undestroy(): void })._undestroy();
      this.connecting = true;
      this.refresh();
      const { host } = options;
      if (isIPv4(host)) this.begin(parseIpv4(host), options);
      else if (isIPv6(host))
        loop.tick(() =>
          this.destroy(socketError("ENETUNREACH", "connect", { address: host, port: options.port })),
        );
      else this.lookUp(host, options);
      return this;
    }

    private lookUp(host: string, options: ConnectOptions): void {
      const found = (error: (Error & { code?: string }) | null, address: string, family: number) => {
        this.emit("lookup", error, address, family, host);
        if (!this.connecting || this.destroyed) return;
        if (error !== null) this.destroy(error);
        else if (isIPv4(address)) this.begin(parseIpv4(address), options);
        else this.destroy(socketError("ENETUNREACH", "connect", { address, port: options.port }));
      };
      if (options.lookup !== null) {
        options.lookup(host, { family: options.family, all: false }, found);
        return;
      }
      this.looking = resolveName(runtime, host, (error, address) =>
        found(error, address ?? "", address === null ? 0 : 4),
      );
    }

    private begin(address: Ipv4, { port, localAddress, localPort }: ConnectOptions): void {
      const place = { address: formatIpv4(address), port };
      this.peer = place;
      try {
        const tcp = openSocket(task);
        tcp.options.noDelay = this.wanted.noDelay;
        if (localAddress !== null || localPort !== 0)
          tcp.bind(localAddress === null ? 0 : parseIpv4(localAddress), localPort);
        const handle = new TcpHandle(loop, tcp, "work");
        this._handle = handle;
        if (!this.referenced) handle.unref();
        handle.listen(this);
        handle.connect(address, port);
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        const failure = socketError(error.errno, "connect", place);
        loop.tick(() => this.destroy(failure));
      }
    }

    connected(error: Errno | null): void {
      if (this.destroyed) return;
      if (error !== null) {
        this.connecting = false;
        this.destroy(socketError(error, "connect", this.peer!));
        return;
      }
      this.connecting = false;
      this.refresh();
      this.emit("connect");
      this.emit("ready");
      if (this._handle !== null && !this.isPaused()) this.read(0);
    }

    data(bytes: Uint8Array): boolean {
      this.refresh();
      this.bytesRead += bytes.length;
      return this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    }

    ended(): void {
      this.push(null);
      this.read(0);
    }

    failed(error: Errno, call: "read" | "write"): void {
      this.destroy(socketError(error, call));
    }

    override _read(): void {
      if (this.connecting || this._handle === null) this.once("connect", () => this._handle?.readStart());
      else this._handle.readStart();
    }

    override _write(chunk: Buffer, _encoding: string, done: Done): void {
      this.transmit([chunk], done);
    }

    override _writev(chunks: { chunk: Buffer }[], done: Done): void {
      this.transmit([Buffer.concat(chunks.map(({ chunk }) => chunk))], done);
    }

    private transmit(bytes: Buffer[], done: Done): void {
      if (this.connecting) {
        const closed = () =>
          done(
            nodeError(
              "ERR_SOCKET_CLOSED_BEFORE_CONNECTION",
              "Socket closed before the connection was established",
            ),
          );
        this.once("connect", () => {
          this.off("close", closed);
          this.transmit(bytes, done);
        });
        this.once("close", closed);
        return;
      }
      if (this._handle === null) {
        done(nodeError("ERR_SOCKET_CLOSED", "Socket is closed"));
        return;
      }
      this.refresh();
      for (const { length } of bytes) this.sent += length;
      this._handle.write(bytes, done);
    }

    override _final(done: Done): void {
      if (this.connecting) {
        this.once("connect", () => this._final(done));
        return;
      }
      if (this._handle === null) {
        done();
        return;
      }
      try {
        this._handle.shutdown();
        done();
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        done(error.errno === "ENOTCONN" ? null : socketError(error.errno, "shutdown"));
      }
    }

    override _destroy(error: Error | null, done: Done): void {
      this.connecting = false;
      this.timer?.close();
      this.timer = null;
      this.looking?.();
      const handle = this._handle;
      this._handle = null;
      handle?.close();
      done(error);
      const close = () => this.emit("close", error !== null);
      if (handle === null) loop.tick(close);
      else {
        const release = loop.hold("work");
        loop.after(0, () => {
          release();
          close();
        });
      }
    }

    resetAndDestroy(): this {
      this._handle?.close(true);
      return this.destroy();
    }

    destroySoon(): void {
      if (this.writable) this.end();
      if (this.writableFinished) this.destroy();
      else this.once("finish", () => this.destroy());
    }

    setTimeout(milliseconds: number, callback?: () => void): this {
      this.timer?.close();
      this.timer = null;
      this.timeout = milliseconds;
      if (milliseconds === 0) {
        if (callback !== undefined) this.off("timeout", callback);
        return this;
      }
      if (callback !== undefined) this.once("timeout", callback);
      this.timer = runtime.timers.setTimeout(() => this.emit("timeout"), milliseconds).unref();
      return this;
    }

    private refresh(): void {
      this.timer?.refresh();
    }

    setNoDelay(on = true): this {
      this.wanted.noDelay = on;
      if (this._handle !== null) this._handle.socket.options.noDelay = on;
      return this;
    }

    setKeepAlive(on = false): this {
      this.wanted.keepAlive = on;
      return this;
    }

    ref(): this {
      this.referenced = true;
      this._handle?.ref();
      return this;
    }

    unref(): this {
      this.referenced = false;
      this._handle?.unref();
      return this;
    }

    address(): object {
      const local = this._handle?.socket.local;
      return local === undefined
        ? {}
        : { address: formatIpv4(local.address), family: "IPv4", port: local.port };
    }

    get pending(): boolean {
      return this._handle === null || this.connecting;
    }

    get readyState(): string {
      if (this.connecting) return "opening";
      if (this.readable && this.writable) return "open";
      return this.readable ? "readOnly" : this.writable ? "writeOnly" : "closed";
    }

    get bytesWritten(): number {
      return this.sent + this.writableLength;
    }

    get remoteAddress(): string | undefined {
      return this.connecting || this._handle === null ? undefined : this.peer?.address;
    }

    get remotePort(): number | undefined {
      return this.connecting || this._handle === null ? undefined : this.peer?.port;
    }

    get remoteFamily(): string | undefined {
      return this.remoteAddress === undefined ? undefined : "IPv4";
    }

    get localAddress(): string | undefined {
      return this._handle === null ? undefined : formatIpv4(this._handle.socket.local.address);
    }

    get localPort(): number | undefined {
      return this._handle?.socket.local.port;
    }

    get localFamily(): string | undefined {
      return this._handle === null ? undefined : "IPv4";
    }
  }
  return Socket as unknown as NetSocketClass;
}

/** getaddrinfo beside the loop. Gives a function that stops it. */
export function resolveName(
  { task, loop }: Runtime,
  host: string,
  found: (error: SystemError | null, address: string | null, all: readonly string[]) => void,
): () => void {
  const release = loop.hold("work");
  let stopped = false;
  const tell = (error: SystemError | null, addresses: readonly Ipv4[]) =>
    loop.after(0, () => {
      release();
      const all = addresses.map(formatIpv4);
      if (!stopped) found(error, all[0] ?? null, all);
    });
  const thread = new Thread(
    task,
    (function* () {
      const { addresses, failure } = yield* lookup(task, host);
      tell(
        addresses.length > 0 ? null : lookupError(host, failure === "again" ? "EAI_AGAIN" : "ENOTFOUND"),
        addresses,
      );
    })(),
  );
  return () => {
    stopped = true;
    thread.stop();
    release();
  };
}

function lookupError(hostname: string, code: "EAI_AGAIN" | "ENOTFOUND"): SystemError {
  const error = new Error(`getaddrinfo ${code} ${hostname}`);
  return Object.assign(error, { errno: errnoOf(code), code, syscall: "getaddrinfo", hostname });
}
