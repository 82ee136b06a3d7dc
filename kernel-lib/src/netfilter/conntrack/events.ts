import type { Connection } from "./connection.js";

export type ConntrackEventType = "NEW" | "UPDATE" | "DESTROY";

/**
 * Who is told about connections (a socket of the nfnetlink groups NEW, UPDATE, DESTROY). The connection is to be read at once: it lives on. `by` is the process
 * that asked for the change, 0 for packets and time.
 */
export type ConntrackListener = (type: ConntrackEventType, connection: Connection, by: number) => void;

/** Events of one namespace's connections (nf_conntrack_ecache.c). */
export class ConntrackEvents {
  private readonly listeners: ConntrackListener[] = [];

  /** @param changed Called when the first listener comes or the last goes. */
  constructor(private readonly changed: () => void) {}

  get heard(): boolean {
    return this.listeners.length > 0;
  }

  /** Tells `listener` of all events from now on. Returns the function that ends it. */
  subscribe(listener: ConntrackListener): () => void {
    this.listeners.push(listener);
    if (this.listeners.length === 1) this.changed();
    return () => {
      const at = this.listeners.indexOf(listener);
      if (at < 0) return;
      this.listeners.splice(at, 1);
      if (this.listeners.length === 0) this.changed();
    };
  }

  emit(type: ConntrackEventType, connection: Connection, by = 0): void {
    for (const listener of [...this.listeners]) listener(type, connection, by);
  }
}
