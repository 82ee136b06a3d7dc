import { checksum } from "../../../../kernel-lib/src/wire/checksum.js";

/** Frames that a program with a raw socket sends, as hexadecimal. */

function mac(text: string): string {
  return text.replaceAll(":", "");
}

function address(text: string): string {
  return text
    .split(".")
    .map((byte) => Number(byte).toString(16).padStart(2, "0"))
    .join("");
}

const BROADCAST = "ffffffffffff";

/** "I am here": an ARP request of a machine for its own address, to all. */
export function gratuitousArp(from: string, ip: string): string {
  return `${BROADCAST}${mac(from)}0806${"0001080006040001"}${mac(from)}${address(ip)}${"000000000000"}${address(ip)}`;
}

/** A frame of a protocol that no machine knows. */
export function unknownFrame(from: string, to: string, type: string, bytes: number): string {
  return `${mac(to)}${mac(from)}${type}${"a5".repeat(bytes)}`;
}

export interface Envelope {
  readonly tos?: number;
  readonly vni?: number;
  readonly flags?: number;
  /** The last byte of the VXLAN header. */
  readonly reserved?: number;
  readonly port?: number;
  /** Bytes of the UDP payload that are left. */
  readonly cutTo?: number;
  readonly innerFrom?: string;
  readonly inner?: { readonly tos: number };
}

/** From host a's card to host b's: a VXLAN envelope round a UDP datagram from c1 to c2. No checksum but those of the IPv4 headers. */
export function vxlanFrame(envelope: Envelope): string {
  const {
    tos = 0,
    vni = 10,
    flags = 8,
    reserved = 0,
    port = 4789,
    cutTo = 1000,
    inner = { tos: 0 },
  } = envelope;
  const payload = ipPacket("172.18.0.11", "172.18.0.22", inner.tos, udpDatagram(1000, 2000, "68656c6c6f"));
  const innerFrame = `0242ac120016${mac(envelope.innerFrom ?? "02:42:ac:12:00:0b")}0800${payload}`;
  const header = `${number(flags, 1)}000000${number(vni, 3)}${number(reserved, 1)}`;
  const body = `${header}${innerFrame}`.slice(0, cutTo * 2);
  const packet = ipPacket("192.168.56.101", "192.168.56.102", tos, udpDatagram(40000, port, body));
  return `020000000002020000000001${"0800"}${packet}`;
}

function udpDatagram(from: number, to: number, payload: string): string {
  return `${number(from, 2)}${number(to, 2)}${number(8 + payload.length / 2, 2)}0000${payload}`;
}

function ipPacket(from: string, to: string, tos: number, payload: string): string {
  const length = number(20 + payload.length / 2, 2);
  const start = `45${number(tos, 1)}${length}12340000${"4011"}`;
  const addresses = `${address(from)}${address(to)}`;
  const sum = checksum(new Uint8Array(Buffer.from(`${start}0000${addresses}`, "hex")), 0, 20);
  return `${start}${number(sum, 2)}${addresses}${payload}`;
}

function number(value: number, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, "0");
}
