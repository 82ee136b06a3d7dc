import { IPV4_BROADCAST, type Ipv4, isMulticastIpv4 } from "../base/addresses.js";
import type { DropReason } from "../trace/drop-reason.js";
import { checksum } from "../wire/checksum.js";
import { IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import type { Netns } from "./netns.js";

/** Looks over an IPv4 header that has just come in (ip_rcv_core) and cuts padding off. Null when it is sound. */
export function checkIpv4(packet: Packet): DropReason | null {
  const { bytes, start } = packet;
  if (packet.length < IPV4_LENGTH) return "HDR_TRUNC";
  const headerLength = ipv4HeaderLength(bytes, start);
  if (bytes[start]! >>> 4 !== 4 || headerLength < IPV4_LENGTH) return "IP_INHDR";
  if (packet.length < headerLength) return "HDR_TRUNC";
  if (checksum(bytes, start, start + headerLength) !== 0) return "IP_CSUM";
  const total = ipv4.totalLength.get(bytes, start);
  if (packet.length < total) return "PKT_TOO_SMALL";
  if (total < headerLength) return "IP_INHDR";
  if (headerLength > IPV4_LENGTH) return "IP_OPTIONS";
  packet.trim(total);
  packet.network = start;
  packet.transport = start + headerLength;
  return null;
}

/** The destination of a broadcast or of a group, as the routes say (RTCF_BROADCAST, RTCF_MULTICAST). */
export function isGroupAddress(netns: Netns, address: Ipv4): boolean {
  if (address === IPV4_BROADCAST || isMulticastIpv4(address)) return true;
  return netns.fib.lookup(address)?.type === "broadcast";
}
