import type { Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";
import type { Random } from "../../sim/random.js";

function mix(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ value, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Keyed hashes of a connection's addresses, for values that an outsider must not guess (net/core/secure_seq.c). */
export class Secrets {
  private readonly sequenceKey: number;
  private readonly timestampKey: number;
  private readonly portKey: number;
  private readonly portCounters = new Map<number, number>();
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
    this.sequenceKey = random.uint32();
    this.timestampKey = random.uint32();
    this.portKey = random.uint32();
  }

  /** The initial sequence number: a hash of both ends plus a clock that ticks each 64 ns (RFC 6528, secure_tcp_seq). */
  sequence(
    source: Ipv4,
    destination: Ipv4,
    sourcePort: number,
    destinationPort: number,
    now: Nanoseconds,
  ): number {
    const hash = mix(mix(mix(this.sequenceKey, source), destination), sourcePort * 65536 + destinationPort);
    return (hash + Math.floor(now / 64)) >>> 0;
  }

  /** What is added to the millisecond clock in timestamps: one value for each pair of addresses (secure_tcp_ts_off). */
  timestampOffset(source: Ipv4, destination: Ipv4): number {
    return mix(mix(this.timestampKey, source), destination) >>> 0;
  }

  /** Where the search for a free local port begins: it moves on by two with each connection to one destination (RFC 6056 §3.3.4). */
  portOffset(source: Ipv4, destination: Ipv4, port: number): number {
    const hash = mix(mix(mix(this.portKey, source), destination), port) >>> 0;
    const slot = hash & 0xff;
    const count = this.portCounters.get(slot) ?? this.random.uint32() >>> 8;
    this.portCounters.set(slot, count + 2);
    return hash + count;
  }

  /** A new connection's first IPv4 identification. */
  identification(): number {
    return this.random.uint32() & 0xffff;
  }
}
