import type { Device } from "../../link/device.js";
import { ETHERNET_LENGTH } from "../../wire/ethernet.js";
import type { Packet } from "../../wire/packet.js";

const HEADER = 20;
const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;
const PACKET_TYPES = { host: 0, broadcast: 1, multicast: 2, otherhost: 3, outgoing: 4 } as const;

/** A frame as `-i any` gets it: its Ethernet header replaced by a cooked one (LINUX_SLL2). */
export function cook(device: Device, packet: Packet): Uint8Array {
  const frame = packet.copyBytes();
  const cooked = new Uint8Array(HEADER + Math.max(0, frame.length - ETHERNET_LENGTH));
  const view = new DataView(cooked.buffer);
  cooked.set(frame.subarray(12, 14), 0);
  view.setUint32(4, device.ifindex);
  view.setUint16(8, device.kind === "loopback" ? ARPHRD_LOOPBACK : ARPHRD_ETHER);
  view.setUint8(10, PACKET_TYPES[packet.type]);
  view.setUint8(11, 6);
  cooked.set(frame.subarray(6, 12), 12);
  cooked.set(frame.subarray(ETHERNET_LENGTH), HEADER);
  return cooked;
}
