import type { Settings } from "./case.js";
import type { TapName } from "./machine.js";

/** What came of one thing that was done: frames at the far ends, datagrams at the machine's own services. */
export interface Heard {
  readonly seen: readonly { readonly tap: TapName; readonly frame: Uint8Array }[];
  readonly datagrams: readonly Datagram[];
}

export interface Datagram {
  /** The service's port. */
  readonly port: number;
  /** Who sent it. */
  readonly address: string;
  readonly from: number;
  readonly data: Uint8Array;
}

/** What is known at the end: `iptables-save -c` and `conntrack -L`. */
export interface Report {
  readonly rules: string;
  readonly connections: string;
}

/** One of the two machines: the real one or ours. */
export interface Side {
  /** A fresh machine. */
  open(settings: Settings): Promise<void>;
  /** Loads rules. Gives the complaint, empty when they were taken. */
  restore(text: string): Promise<string>;
  /** Frames arrive at a device, one right after the other. */
  inject(tap: TapName, frames: readonly Uint8Array[]): Promise<Heard>;
  /** The machine sends a packet of its own, by a raw socket. */
  send(packet: Uint8Array, mark: number): Promise<Heard>;
  /** One of its services sends a datagram. */
  answer(port: number, address: string, to: number, data: Uint8Array): Promise<Heard>;
  report(): Promise<Report>;
}
