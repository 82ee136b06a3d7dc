import type { Ipv4 } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import { type Scheduler as Clock, NO_TIMER, type TimerId } from "../sim/scheduler.js";
import type { ConnectionEnds, IpvsConnection } from "./connection.js";

/** A template that others still hang on is looked at again after a minute (ip_vs_conn_expire). */
const LATER: Nanoseconds = 60e9;

function keyOf(address: Ipv4, port: number, protocol: number): number {
  return (address >>> 0) * 0x1000000 + port * 0x100 + protocol;
}

/** Connections by their client's end: both directions of a flow have it (ip_vs_conn.c). */
export class ConnectionTable {
  private readonly byClient = new Map<number, IpvsConnection[]>();
  private readonly timers = new Map<IpvsConnection, TimerId>();

  constructor(private readonly clock: Clock) {}

  get count(): number {
    return this.timers.size;
  }

  /** In the order in which they came. The kernel lists them by a salted hash. */
  list(): readonly IpvsConnection[] {
    return [...this.timers.keys()];
  }

  /** A connection by what its client sends. */
  findIn(ends: ConnectionEnds, template = false): IpvsConnection | null {
    const row = this.byClient.get(keyOf(ends.client, ends.clientPort, ends.protocol));
    if (row === undefined) return null;
    for (const one of row)
      if (one.virtual === ends.virtual && one.virtualPort === ends.virtualPort && one.isTemplate === template)
        return one;
    return null;
  }

  /** A connection by what its server sends: from the server's end, or from the virtual one where nothing is translated. */
  findOut(
    protocol: number,
    source: Ipv4,
    sourcePort: number,
    client: Ipv4,
    clientPort: number,
  ): IpvsConnection | null {
    const row = this.byClient.get(keyOf(client, clientPort, protocol));
    if (row === undefined) return null;
    for (const one of row) {
      if (one.isTemplate) continue;
      const masq = one.method === "masq";
      if ((masq ? one.address : one.virtual) === source && (masq ? one.port : one.virtualPort) === sourcePort)
        return one;
    }
    return null;
  }

  add(connection: IpvsConnection): void {
    const key = keyOf(connection.client, connection.clientPort, connection.protocol);
    const row = this.byClient.get(key);
    // The newest is found first, as at the head of a bucket.
    if (row === undefined) this.byClient.set(key, [connection]);
    else row.unshift(connection);
    this.timers.set(connection, NO_TIMER);
    const { destination } = connection;
    if (connection.isTemplate) destination.persistent++;
    else destination.inactive++;
    destination.connectionAdded();
  }

  /** Its lifetime begins anew. The timer is set once and looks again when it fires, so that a packet costs no event. */
  refresh(connection: IpvsConnection): void {
    if (connection.gone) return;
    connection.expiresAt = this.clock.now + (connection.onePacket ? 0 : connection.timeout);
    if (connection.onePacket) this.remove(connection);
    else if (this.timers.get(connection) === NO_TIMER) this.arm(connection);
  }

  /** Its end comes nearer than its timer is set to. */
  shorten(connection: IpvsConnection): void {
    if (connection.gone) return;
    this.clock.cancel(this.timers.get(connection) ?? NO_TIMER);
    this.arm(connection);
  }

  remove(connection: IpvsConnection): void {
    if (connection.gone) return;
    connection.gone = true;
    this.clock.cancel(this.timers.get(connection) ?? NO_TIMER);
    this.timers.delete(connection);
    const key = keyOf(connection.client, connection.clientPort, connection.protocol);
    const rest = this.byClient.get(key)!.filter((one) => one !== connection);
    if (rest.length === 0) this.byClient.delete(key);
    else this.byClient.set(key, rest);
    if (connection.template !== null) connection.template.followers--;
    const { destination } = connection;
    if (connection.isTemplate) destination.persistent--;
    else if (connection.active) destination.active--;
    else destination.inactive--;
    destination.connectionGone();
  }

  /** `ipvsadm -C` keeps them; they go with the namespace. */
  clear(): void {
    for (const connection of this.list()) this.remove(connection);
  }

  private arm(connection: IpvsConnection): void {
    this.timers.set(connection, this.clock.at(connection.expiresAt, fire, this, connection));
  }

  /** @internal */
  expire(connection: IpvsConnection): void {
    if (connection.gone) return;
    if (connection.expiresAt <= this.clock.now) {
      if (connection.followers === 0) {
        this.remove(connection);
        return;
      }
      connection.expiresAt = this.clock.now + LATER;
    }
    this.arm(connection);
  }
}

function fire(table: unknown, connection: unknown): void {
  (table as ConnectionTable).expire(connection as IpvsConnection);
}
