import { checksum, updateWord } from "./checksum.js";
import { Bits, U8, U16, U32 } from "./field.js";

const versionAndLength = new U8(0);
const flagsAndOffset = new U16(6);

/** IPv4 (RFC 791). `headerWords` counts 32-bit words; `fragmentOffset` counts 8-byte units. */
export const ipv4 = {
  version: new Bits(versionAndLength, 4, 4),
  headerWords: new Bits(versionAndLength, 0, 4),
  tos: new U8(1),
  totalLength: new U16(2),
  id: new U16(4),
  dontFragment: new Bits(flagsAndOffset, 14, 1),
  moreFragments: new Bits(flagsAndOffset, 13, 1),
  fragmentOffset: new Bits(flagsAndOffset, 0, 13),
  ttl: new U8(8),
  protocol: new U8(9),
  checksum: new U16(10),
  source: new U32(12),
  destination: new U32(16),
} as const;

/** Length of a header without options. */
export const IPV4_LENGTH = 20;

export const IPPROTO_ICMP = 1;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;

export function ipv4HeaderLength(bytes: Uint8Array, at: number): number {
  return (bytes[at]! & 15) * 4;
}

/** Writes the header checksum over the header as it stands. */
export function fillIpv4Checksum(bytes: Uint8Array, at: number): void {
  ipv4.checksum.set(bytes, at, 0);
  ipv4.checksum.set(bytes, at, checksum(bytes, at, at + ipv4HeaderLength(bytes, at)));
}

/** Takes one from the TTL and mends the checksum (RFC 1624). The caller has checked that it is above zero. */
export function decrementTtl(bytes: Uint8Array, at: number): void {
  const protocol = bytes[at + ipv4.protocol.offset]!;
  const ttl = bytes[at + ipv4.ttl.offset]!;
  bytes[at + ipv4.ttl.offset] = ttl - 1;
  const old = ipv4.checksum.get(bytes, at);
  ipv4.checksum.set(bytes, at, updateWord(old, (ttl << 8) | protocol, ((ttl - 1) << 8) | protocol));
}

/** True when the packet is a fragment of a larger one (offset set, or more to come). */
export function isFragment(bytes: Uint8Array, at: number): boolean {
  return (flagsAndOffset.get(bytes, at) & 0x3fff) !== 0;
}

/** The two low bits of the type of service (RFC 3168): 0 not ECN-capable, 1 and 2 capable, 3 congestion experienced. */
export const ECN_MASK = 3;
export const ECN_ECT_0 = 2;
export const ECN_CE = 3;

/** Changes the type of service of the header at `at`, and its checksum with it. */
export function setTos(bytes: Uint8Array, at: number, tos: number): void {
  const version = bytes[at]! << 8;
  const before = ipv4.tos.get(bytes, at);
  ipv4.tos.set(bytes, at, tos);
  ipv4.checksum.set(bytes, at, updateWord(ipv4.checksum.get(bytes, at), version | before, version | tos));
}
