import { KernelError } from "../base/errno.js";
import type { SocketOwner } from "./tcp/state.js";

/** A socket bound to an IPv6 address, for IPv6 only (IPV6_V6ONLY). */
export interface Ipv6Socket {
  readonly protocol: "tcp" | "udp";
  /** As `ss` prints it: `[::]`. */
  readonly address: string;
  readonly port: number;
  /** Most connections that may wait (TCP). */
  readonly backlog: number;
  readonly owner: SocketOwner;
}

/** The IPv6 sockets of a namespace: they hold their ports and are listed. Nothing ever comes to them: the lab has no IPv6 traffic. */
export class Ipv6Sockets {
  private readonly sockets = new Set<Ipv6Socket>();

  list(): readonly Ipv6Socket[] {
    return [...this.sockets];
  }

  /** Throws EADDRINUSE. */
  bind(socket: Ipv6Socket): void {
    const rival = [...this.sockets].some(
      ({ protocol, address, port }) =>
        protocol === socket.protocol &&
        port === socket.port &&
        (address === socket.address || address === "[::]" || socket.address === "[::]"),
    );
    if (rival) throw new KernelError("EADDRINUSE");
    this.sockets.add(socket);
  }

  close(socket: Ipv6Socket): void {
    this.sockets.delete(socket);
  }
}
