import { type Dissection, hex } from "./dissection.js";
import { printDomain } from "./domain.js";
import { type Carrier, shouldBe, transportSum } from "./sums.js";
import { printOtv, printVxlan } from "./vxlan.js";

const HEADER = 8;
const UDP = 17;
const DOMAIN = 53;
const MULTICAST_DNS = 5353;
const VXLAN = 4789;
/** Port of Cisco's OTV, whose header has the layout of VXLAN's. Linux took it for VXLAN before IANA gave one. */
const OTV = 8472;

/** Prints a UDP datagram (RFC 768; print-udp.c). Of the payloads, DNS, VXLAN and OTV are decoded; others are given by length. */
export function printUdp(
  d: Dissection,
  carrier: Carrier,
  at: number,
  given: number,
  fragmented: boolean,
): void {
  d.protocol = "udp";
  if (!d.has(at + 2, 2)) {
    d.print(`${addressesOf(d, carrier)}: `);
    d.truncated();
    return;
  }
  const [source, destination] = [d.u16(at), d.u16(at + 2)];
  d.print(`${endpoints(d, carrier, UDP, source, destination)}: `);
  if (given < HEADER) {
    d.print(`truncated-udp ${given}`);
    return;
  }
  if (!d.has(at + 4, 2)) {
    d.truncated();
    return;
  }
  const stated = d.u16(at + 4);
  if (stated < HEADER) {
    d.print(`truncated-udplength ${stated}`);
    return;
  }
  const length = Math.min(stated, given) - HEADER;
  if (at + HEADER > d.end) {
    d.truncated();
    return;
  }
  if (!fragmented) printChecksum(d, carrier, at, length);
  printPayload(d, at + HEADER, length, source, destination, () => {
    if (stated > length + HEADER && !fragmented) d.print(`UDP, bad length ${stated - HEADER} > ${length}`);
    else d.print(`UDP, length ${stated - HEADER}`);
  });
}

function printPayload(
  d: Dissection,
  at: number,
  length: number,
  source: number,
  destination: number,
  other: () => void,
): void {
  const either = (port: number) => source === port || destination === port;
  if (d.options.quiet > 0) other();
  else if (either(DOMAIN)) printDomain(d, at, length, { overTcp: false, multicast: false });
  else if (either(MULTICAST_DNS)) printDomain(d, at, length, { overTcp: false, multicast: true });
  else if (either(VXLAN)) printVxlan(d, at, length);
  else if (either(OTV)) printOtv(d, at, length);
  else other();
}

function printChecksum(d: Dissection, carrier: Carrier, at: number, length: number): void {
  const { verbose, ignoreChecksums } = d.options;
  if (ignoreChecksums || verbose < (carrier.version === 4 ? 2 : 1)) return;
  const found = d.has(at + 6, 2) ? d.u16(at + 6) : 0;
  if (carrier.version === 4 && found === 0) d.print("[no cksum] ");
  else if (d.has(at + HEADER, length)) {
    const sum = transportSum(d, carrier, UDP, at, length + HEADER);
    if (sum === 0) d.print("[udp sum ok] ");
    else d.print(`[bad udp cksum 0x${hex(found, 4)} -> 0x${hex(shouldBe(found, sum), 4)}!] `);
  }
}

/** `10.0.0.1 > 10.0.0.2` of the IP header. */
export function addressesOf(d: Dissection, { version, at }: Carrier): string {
  return version === 4 ? `${d.ipv4(at + 12)} > ${d.ipv4(at + 16)}` : `${d.ipv6(at + 8)} > ${d.ipv6(at + 24)}`;
}

/** `10.0.0.1.5000 > 10.0.0.2.80`; ports alone behind an IPv6 extension header. */
export function endpoints(
  d: Dissection,
  carrier: Carrier,
  protocol: number,
  source: number,
  destination: number,
): string {
  const name = protocol === UDP ? "udp" : "tcp";
  const [from, to] = [d.port(source, name), d.port(destination, name)];
  const { version, at } = carrier;
  if (d.u8(at + (version === 4 ? 9 : 6)) !== protocol) return `${from} > ${to}`;
  if (version === 4) return `${d.ipv4(at + 12)}.${from} > ${d.ipv4(at + 16)}.${to}`;
  return `${d.ipv6(at + 8)}.${from} > ${d.ipv6(at + 24)}.${to}`;
}
