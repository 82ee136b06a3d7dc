import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Ipv4Output } from "../ipv4-output.js";
import type { Secrets } from "./secrets.js";
import { localPortRange } from "./settings.js";
import type { Endpoint, TcpSocketOptions, TcpState } from "./state.js";

/** A socket or connection that holds a local port. */
export interface PortUser {
  readonly local: Endpoint;
  readonly options: TcpSocketOptions;
  readonly state: TcpState;
  /** The port was chosen by connect: another destination may share it. */
  readonly sharesPort: boolean;
}

/** Which local ports are taken, and how free ones are chosen (inet_hashtables.c, inet_connection_sock.c). */
export class PortTable {
  private readonly users = new Map<number, Set<PortUser>>();

  constructor(
    private readonly output: Ipv4Output,
    private readonly secrets: Secrets,
  ) {}

  add(user: PortUser): void {
    const { port } = user.local;
    let users = this.users.get(port);
    if (users === undefined) {
      users = new Set();
      this.users.set(port, users);
    }
    users.add(user);
  }

  remove(user: PortUser): void {
    const users = this.users.get(user.local.port);
    if (users?.delete(user) && users.size === 0) this.users.delete(user.local.port);
  }

  /** Whether bind must refuse the address (inet_csk_bind_conflict). `self` does not conflict with itself. */
  conflicts(address: Ipv4, port: number, reuse: boolean, self: PortUser): boolean {
    for (const user of this.users.get(port) ?? []) {
      if (user === self) continue;
      if (address !== 0 && user.local.address !== 0 && address !== user.local.address) continue;
      if (!reuse || !user.options.reuseAddress || user.state === "LISTEN") return true;
    }
    return false;
  }

  /** A port for bind(0): of the parity that connect leaves alone. Throws EADDRINUSE when none is free. */
  forBind(address: Ipv4, self: PortUser): number {
    const { low, high } = localPortRange(this.output);
    return this.search(
      low,
      high,
      (this.secrets.portOffset(address, 0, 0) | 1) >>> 0,
      (port) => !this.users.has(port) || !this.conflicts(address, port, false, self),
      "EADDRINUSE",
    );
  }

  /**
   * A port for connect: of the same parity as the range's first port while there are any, so that bind(0) finds others.
   * `taken` tells whether the same connection exists. Throws EADDRNOTAVAIL when none is free.
   */
  forConnect(
    source: Ipv4,
    destination: Ipv4,
    destinationPort: number,
    taken: (port: number) => boolean,
  ): number {
    const { low, high } = localPortRange(this.output);
    const offset = this.secrets.portOffset(source, destination, destinationPort);
    return this.search(
      low,
      high,
      offset - (offset % 2),
      (port) => this.shared(port) && !taken(port),
      "EADDRNOTAVAIL",
    );
  }

  private shared(port: number): boolean {
    for (const user of this.users.get(port) ?? []) if (!user.sharesPort) return false;
    return true;
  }

  private search(
    low: number,
    high: number,
    offset: number,
    free: (port: number) => boolean,
    errno: "EADDRINUSE" | "EADDRNOTAVAIL",
  ): number {
    const size = high - low + 1 - ((high - low + 1) % 2) || 1;
    for (let parity = 0; parity < 2; parity++) {
      for (let step = 0; step < size; step += 2) {
        const port = low + ((offset + parity + step) % size);
        if (free(port)) return port;
      }
    }
    throw new KernelError(errno);
  }
}
