import { ICMP_LENGTH, icmp, isIcmpError } from "../wire/icmp.js";
import { IPPROTO_TCP, IPPROTO_UDP, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { tcp } from "../wire/tcp.js";

/** Both ends of a packet as IPVS looks at them: as if a client had sent it. One record is filled again for each, so that reading allocates nothing. */
export class PacketEnds {
  protocol = 0;
  client = 0;
  clientPort = 0;
  virtual = 0;
  virtualPort = 0;

  /** Reads addresses and ports of the packet whose IPv4 header is at `at`. False for a later fragment, another protocol, or what is cut off. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    const protocol = ipv4.protocol.get(bytes, at);
    const transport = at + ipv4HeaderLength(bytes, at);
    if (protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) return false;
    if (ipv4.fragmentOffset.get(bytes, at) !== 0 || end - transport < 8) return false;
    this.protocol = protocol;
    this.client = ipv4.source.get(bytes, at);
    this.virtual = ipv4.destination.get(bytes, at);
    this.clientPort = tcp.sourcePort.get(bytes, transport);
    this.virtualPort = tcp.destinationPort.get(bytes, transport);
    return true;
  }

  /** The same of the packet that an ICMP error quotes. False for other ICMP messages, too. */
  readQuoted({ bytes, network, end }: Packet): boolean {
    const at = network + ipv4HeaderLength(bytes, network);
    const inner = at + ICMP_LENGTH;
    if (end - inner < IPV4_LENGTH || !isIcmpError(icmp.type.get(bytes, at))) return false;
    return this.read(bytes, inner, end);
  }
}
