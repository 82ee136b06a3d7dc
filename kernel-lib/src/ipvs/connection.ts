import type { Ipv4 } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import { IPPROTO_TCP, IPPROTO_UDP } from "../wire/ipv4.js";
import type { Destination, ForwardingMethod } from "./destination.js";
import type { Service } from "./service.js";
import { TCP_STATE_NAMES } from "./tcp-states.js";

/** What a connection is found by: protocol, the client's end and the virtual end. A template's port is 0. */
export interface ConnectionEnds {
  readonly protocol: number;
  readonly client: Ipv4;
  readonly clientPort: number;
  readonly virtual: Ipv4;
  readonly virtualPort: number;
}

/** A balanced connection, or a template that keeps a client with its server (ip_vs_conn). */
export class IpvsConnection implements ConnectionEnds {
  readonly protocol: number;
  readonly client: Ipv4;
  readonly clientPort: number;
  readonly virtual: Ipv4;
  readonly virtualPort: number;
  /** How its packets are sent; `local` is translation to this machine itself. */
  readonly method: ForwardingMethod;
  state = 0;
  /** Counted with the active ones of its server. */
  active = false;
  /** No packet of the server has been seen, nor will any: they go straight to the client. */
  inputOnly: boolean;
  /** Lifetime after each packet. */
  timeout: Nanoseconds = 3e9;
  expiresAt: Nanoseconds = 0;
  /** The template that it came by, and how many connections came by this one. */
  template: IpvsConnection | null = null;
  followers = 0;
  /** A template of which a connection was established: followed even when entries are short. */
  assured = false;
  gone = false;

  constructor(
    ends: ConnectionEnds,
    readonly address: Ipv4,
    readonly port: number,
    readonly destination: Destination,
    readonly isTemplate: boolean,
    /** One-packet scheduling: it lives for one datagram. */
    readonly onePacket: boolean,
  ) {
    this.protocol = ends.protocol;
    this.client = ends.client;
    this.clientPort = ends.clientPort;
    this.virtual = ends.virtual;
    this.virtualPort = ends.virtualPort;
    this.method = destination.method;
    this.inputOnly = destination.method !== "masq";
  }

  /** The service of its server now: a server that was deleted and added again has its old connections. */
  get service(): Service {
    return this.destination.service;
  }

  /** As `ipvsadm -Lnc` writes it. */
  get stateName(): string {
    if (this.isTemplate) return this.assured ? "ASSURED" : "NONE";
    if (this.protocol === IPPROTO_TCP) return TCP_STATE_NAMES[this.state] ?? "ERR!";
    return this.protocol === IPPROTO_UDP ? "UDP" : "NONE";
  }
}
