import { ICMP_LENGTH, icmp, isIcmpError } from "../../wire/icmp.js";
import { IPPROTO_ICMP, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import { RELATED, RELATED_REPLY, REPLY, Tuple } from "./connection.js";
import { extractTuple } from "./extract.js";
import { checksumFits } from "./sums.js";
import type { TupleTable } from "./tuple-table.js";

/** The highest type that is known (NR_ICMP_TYPES). */
const LAST_TYPE = 18;

/** ICMP as conntrack sees it (nf_conntrack_proto_icmp.c): queries are connections, errors belong to the connection of the packet that they quote. */
export class IcmpCheck {
  private readonly probe = new Tuple(null, 0);
  private readonly inner = new Tuple(null, 0);

  constructor(private readonly table: TupleTable) {}

  /** Whether a message of this type begins a connection: echo, timestamp, information and address mask requests. */
  static begins(type: number): boolean {
    return type === 8 || type === 13 || type === 15 || type === 17;
  }

  faultOf(packet: Packet, at: number, sums: boolean): string | null {
    const { bytes, end } = packet;
    if (end - at < ICMP_LENGTH) return "short packet";
    if (sums && !checksumFits(packet, at, IPPROTO_ICMP)) return "bad hw icmp checksum";
    return icmp.type.get(bytes, at) > LAST_TYPE ? "invalid icmp type" : null;
  }

  /** True for an error: it then has the connection of the packet that it quotes, or, when it quotes none of ours, none (nf_conntrack_inet_error). */
  relate(packet: Packet): boolean {
    const { bytes, network, end } = packet;
    const at = network + ipv4HeaderLength(bytes, network);
    if (!isIcmpError(icmp.type.get(bytes, at))) return false;
    const quoted = at + ICMP_LENGTH;
    if (end - quoted < IPV4_LENGTH || !extractTuple(this.probe, bytes, quoted, end)) return true;
    this.inner.invert(this.probe);
    const found = this.table.find(this.inner);
    // Who is told must be who sent the quoted packet.
    if (found === null || found.destination !== ipv4.destination.get(bytes, network)) return true;
    packet.connection = found.connection;
    packet.connectionInfo = found.direction === REPLY ? RELATED_REPLY : RELATED;
    return true;
  }
}
