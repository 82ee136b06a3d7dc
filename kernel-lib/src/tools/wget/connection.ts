import { formatIpv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { LOOKUP_FAILURES, lookup } from "../net/resolve.js";
import { connect, openSocket } from "../net/stream.js";
import type { HttpUrl } from "../net/url.js";
import type { WgetLog } from "./log.js";

/** The connection that wget keeps for its next request to the same server (http.c's pconn). */
export class KeptConnection {
  private socket: TcpSocket | null = null;
  private peer = "";

  constructor(
    private readonly process: Process,
    private readonly log: WgetLog,
    private readonly timeout: number,
  ) {}

  /** The kept connection or a new one; null when the server cannot be reached ("retry": only because it took too long). */
  *to(url: HttpUrl): Steps<TcpSocket | "retry" | null> {
    const peer = `${url.host}:${url.port}`;
    const kept = this.socket;
    this.socket = null;
    if (kept !== null && this.peer === peer && kept.state === "ESTABLISHED") {
      this.log.verbose(`Reusing existing connection to ${peer}.\n`);
      return kept;
    }
    kept?.close();
    return yield* this.open(url);
  }

  /** Keeps a connection whose response has been read to its end. */
  keep(socket: TcpSocket, url: HttpUrl): void {
    this.socket = socket;
    this.peer = `${url.host}:${url.port}`;
  }

  close(): void {
    this.socket?.close();
  }

  private *open(url: HttpUrl): Steps<TcpSocket | "retry" | null> {
    const { log, process } = this;
    const literal = tryParseIpv4(url.host) !== null;
    if (!literal) log.verbose(`Resolving ${url.host} (${url.host})... `);
    const { addresses, failure } = yield* lookup(process, url.host);
    if (addresses.length === 0) {
      log.verbose(`failed: ${LOOKUP_FAILURES[failure ?? "noname"]}.\n`);
      log.notQuiet(`wget: unable to resolve host address ‘${url.host}’\n`);
      return null;
    }
    if (!literal) log.verbose(`${addresses.slice(0, 3).map(formatIpv4).join(", ")}\n`);
    let last: "retry" | null = null;
    for (const address of addresses) {
      const shown = literal ? url.host : `${url.host} (${url.host})|${formatIpv4(address)}|`;
      log.verbose(`Connecting to ${shown}:${url.port}... `);
      const socket = openSocket(process);
      const { now } = process.host.world.scheduler;
      try {
        const deadline = this.timeout > 0 ? now + seconds(this.timeout) : null;
        yield* connect(process, socket, address, url.port, deadline);
        log.verbose("connected.\n");
        return socket;
      } catch (error) {
        socket.close();
        if (!(error instanceof KernelError)) throw error;
        log.notQuiet(`failed: ${error.message}.\n`);
        last = error.errno === "ETIMEDOUT" ? "retry" : null;
      }
    }
    return last;
  }
}
