import { checksum } from "../../kernel-lib/src/wire/checksum.js";
import { fillIpv4Checksum } from "../../kernel-lib/src/wire/ipv4.js";

/** Hex text to bytes; spaces are for the reader. */
export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const ETHERNET = "0242ac110002 0242ac110003";
const ADDRESSES = "ac110003 ac110002";

function ipFrame(header: string, payload: string): Uint8Array {
  const frame = bytes(`${ETHERNET} 0800 ${header} ${ADDRESSES} ${payload}`);
  fillIpv4Checksum(frame, 14);
  return frame;
}

function icmpFrame(): Uint8Array {
  const frame = ipFrame("4500 0024 1234 0000 4001 0000", "0800 0000 0001 0001 0102030405060708");
  const sum = checksum(frame, 34, 50);
  frame[36] = sum >>> 8;
  frame[37] = sum & 255;
  return frame;
}

/** A valid frame of each kind for the container 172.17.0.2, from 172.17.0.3. */
export const VALID_FRAMES: readonly Uint8Array[] = [
  bytes("ffffffffffff 0242ac110003 0806 0001 0800 06 04 0001 0242ac110003 ac110003 000000000000 ac110002"),
  bytes("0242ac110002 0242ac110003 0806 0001 0800 06 04 0002 0242ac110003 ac110003 0242ac110002 ac110002"),
  icmpFrame(),
  ipFrame(
    "4500 0038 1235 0000 4001 0000",
    "0303 fcfc 00000000 4500001d 0001 0000 4011 0000 ac110002 ac110003 1388 1389 0009 0000 41",
  ),
  ipFrame("4500 0021 1236 4000 4011 0000", "1389 1388 000d 0000 68656c6c6f"),
  ipFrame("4500 0028 1237 4000 4006 0000", "1389 1388 00000001 00000000 5002 faf0 0000 0000"),
  ipFrame("4500 0024 1238 2000 4011 0000", "1389 1388 0018 0000 0102030405060708"),
  ipFrame("4500 001c 1238 0002 4011 0000", "090a0b0c0d0e0f10"),
];
