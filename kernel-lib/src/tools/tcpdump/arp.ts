import { type Dissection, hex } from "./dissection.js";
import { hexAndAsciiDump } from "./dumps.js";
import { ETHERTYPE_NAMES } from "./protocol-names.js";

const HARDWARE: ReadonlyMap<number, string> = new Map([
  [1, "Ethernet"],
  [6, "TokenRing"],
  [7, "ArcNet"],
  [15, "FrameRelay"],
  [23, "Strip"],
  [24, "IEEE 1394"],
  [32, "InfiniBand"],
]);
const OPERATIONS: ReadonlyMap<number, string> = new Map([
  [1, "Request"],
  [2, "Reply"],
  [3, "Reverse Request"],
  [4, "Reverse Reply"],
  [8, "Inverse Request"],
  [9, "Inverse Reply"],
  [10, "NACK Reply"],
]);
const FIXED = 8;

/** Prints an ARP or RARP packet (RFC 826; print-arp.c). */
export function printArp(d: Dissection, at: number, length: number): void {
  d.protocol = "arp";
  d.need(at, FIXED);
  const protocol = d.u16(at + 2);
  const hardwareLength = d.u8(at + 4);
  const protocolLength = d.u8(at + 5);
  d.need(at, FIXED + 2 * (hardwareLength + protocolLength));
  const { verbose, link } = d.options;
  if (!link) d.print("ARP, ");
  const isIpv4 = (protocol === 0x0800 || protocol === 0x1000) && protocolLength === 4 && hardwareLength !== 0;
  if (!isIpv4 || verbose > 0) {
    const hardware = d.u16(at);
    d.print(`${HARDWARE.get(hardware) ?? `Unknown Hardware (${hardware})`} (len ${hardwareLength}), `);
    d.print(
      `${ETHERTYPE_NAMES.get(protocol) ?? `Unknown Protocol (0x${hex(protocol, 4)})`} (len ${protocolLength})`,
    );
  }
  if (isIpv4 || verbose > 0) {
    const operation = d.u16(at + 6);
    d.print(`${verbose > 0 ? ", " : ""}${OPERATIONS.get(operation) ?? `Unknown (${operation})`} `);
    const text = operationText(d, at, operation);
    if (text === null) {
      hexAndAsciiDump(d, "\n\t", at, d.end - at);
      return;
    }
    d.print(text);
  }
  d.print(`, length ${length}`);
}

function operationText(d: Dissection, at: number, operation: number): string | null {
  const hardwareLength = d.u8(at + 4);
  const protocolLength = d.u8(at + 5);
  const senderHardware = at + FIXED;
  const senderProtocol = senderHardware + hardwareLength;
  const targetHardware = senderProtocol + protocolLength;
  const targetProtocol = targetHardware + hardwareLength;
  const mac = (place: number) => hardwareAddress(d, place, hardwareLength);
  const address = (place: number) => protocolAddress(d, place, d.u16(at + 2), protocolLength);
  switch (operation) {
    case 1: {
      const asked = d.bytes
        .subarray(targetHardware, targetHardware + hardwareLength)
        .some((byte) => byte !== 0);
      return `who-has ${address(targetProtocol)}${asked ? ` (${mac(targetHardware)})` : ""} tell ${address(senderProtocol)}`;
    }
    case 2:
      return `${address(senderProtocol)} is-at ${mac(senderHardware)}`;
    case 3:
    case 8:
      return `who-is ${mac(targetHardware)} tell ${mac(senderHardware)}`;
    case 4:
      return `${mac(targetHardware)} at ${address(targetProtocol)}`;
    case 9:
      return `${mac(senderHardware)} at ${address(senderProtocol)}`;
    default:
      return null;
  }
}

function hardwareAddress(d: Dissection, at: number, length: number): string {
  if (length === 0) return "<empty>";
  return length === 6 ? d.mac(at) : d.hex(at, length, ":");
}

function protocolAddress(d: Dissection, at: number, protocol: number, length: number): string {
  if (protocol !== 0x0800 && protocol !== 0x1000) return "<wrong proto type>";
  return length === 4 ? d.ipv4(at) : "<wrong len>";
}
