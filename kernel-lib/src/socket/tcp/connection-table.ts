import type { Ipv4 } from "../../base/addresses.js";
import type { Connection } from "./connection.js";

/** Connections by their four numbers: a map by both ports, a chain for equal ones. */
export class ConnectionTable {
  private readonly chains = new Map<number, Connection>();

  find(local: Ipv4, localPort: number, remote: Ipv4, remotePort: number): Connection | null {
    let at = this.chains.get(localPort * 65536 + remotePort) ?? null;
    while (at !== null && (at.local.address !== local || at.remote.address !== remote)) at = at.chained;
    return at;
  }

  add(connection: Connection): void {
    const key = connection.local.port * 65536 + connection.remote.port;
    connection.chained = this.chains.get(key) ?? null;
    this.chains.set(key, connection);
  }

  remove(connection: Connection): void {
    const key = connection.local.port * 65536 + connection.remote.port;
    let before: Connection | null = null;
    for (let at = this.chains.get(key) ?? null; at !== null; before = at, at = at.chained) {
      if (at !== connection) continue;
      if (before !== null) before.chained = at.chained;
      else if (at.chained !== null) this.chains.set(key, at.chained);
      else this.chains.delete(key);
      at.chained = null;
      return;
    }
  }

  *[Symbol.iterator](): Generator<Connection> {
    for (const first of this.chains.values()) {
      for (let at: Connection | null = first; at !== null; at = at.chained) yield at;
    }
  }
}
