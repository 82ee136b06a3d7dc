/** Why a packet ended: the kernel's SKB_DROP_REASON_* names (include/net/dropreason-core.h, Linux 6.x), without the prefix. */
export type DropReason =
  | "NOT_SPECIFIED"
  | "NO_SOCKET"
  | "PKT_TOO_SMALL"
  | "TCP_CSUM"
  | "UDP_CSUM"
  | "ICMP_CSUM"
  | "SOCKET_FILTER"
  | "SOCKET_RCVBUFF"
  | "NETFILTER_DROP"
  | "OTHERHOST"
  | "IP_CSUM"
  | "IP_INHDR"
  | "IP_RPFILTER"
  | "UNICAST_IN_L2_MULTICAST"
  | "IP_NOPROTO"
  | "TCP_INVALID_SEQUENCE"
  | "TCP_RESET"
  | "TCP_CLOSE"
  | "TCP_OLD_ACK"
  | "IP_OUTNOROUTES"
  | "IP_INNOROUTES"
  | "IP_LOCAL_SOURCE"
  | "IP_INVALID_SOURCE"
  | "IP_INVALID_DEST"
  | "IP_LOCALNET"
  | "PKT_TOO_BIG"
  | "NEIGH_FAILED"
  | "NEIGH_QUEUEFULL"
  | "NEIGH_DEAD"
  | "DEV_HDR"
  | "DEV_READY"
  | "FULL_RING"
  | "QDISC_DROP"
  | "CPU_BACKLOG"
  | "HDR_TRUNC"
  | "UNHANDLED_PROTO"
  | "FRAG_REASM_TIMEOUT"
  | "DUP_FRAG"
  | "ARP_INVALID"
  | "BRIDGE_NON_FORWARDING_STATE"
  | "BRIDGE_NO_EGRESS_PORT"
  | "BRIDGE_INGRESS_STP_STATE"
  | "VLAN_FILTER"
  | "IP_TUNNEL_ECN"
  | "VXLAN_INVALID_HDR"
  | "VXLAN_VNI_NOT_FOUND"
  | "VXLAN_NO_REMOTE"
  | "VXLAN_ENTRY_EXISTS"
  | "LOCAL_MAC"
  | "IP_FORWARDING_DISABLED"
  | "IP_TTL_EXPIRED"
  | "IP_OPTIONS"
  | "LINK_LOSS";

/** What a reason means, in a reader's words. */
export const DROP_REASON_TEXT: Readonly<Record<DropReason, string>> = {
  NOT_SPECIFIED: "dropped, the kernel gives no reason",
  NO_SOCKET: "no program listens on this port",
  PKT_TOO_SMALL: "the packet is shorter than its headers say",
  TCP_CSUM: "wrong TCP checksum",
  UDP_CSUM: "wrong UDP checksum",
  ICMP_CSUM: "wrong ICMP checksum",
  SOCKET_FILTER: "a socket's filter refused it",
  SOCKET_RCVBUFF: "the socket's receive buffer is full",
  NETFILTER_DROP: "a netfilter rule or policy dropped it",
  OTHERHOST: "the frame's MAC address is not ours",
  IP_CSUM: "wrong IPv4 header checksum",
  IP_INHDR: "malformed IPv4 header",
  IP_RPFILTER: "its source would not be reached through the interface it came from (rp_filter)",
  UNICAST_IN_L2_MULTICAST: "a unicast packet in a broadcast or multicast frame",
  IP_NOPROTO: "no handler for this IP protocol",
  TCP_INVALID_SEQUENCE: "outside the TCP window",
  TCP_RESET: "a TCP reset",
  TCP_CLOSE: "the TCP connection is closed",
  TCP_OLD_ACK: "an old TCP acknowledgement",
  IP_OUTNOROUTES: "no route to the destination from here",
  IP_INNOROUTES: "no route to the destination for a packet that came in",
  IP_LOCAL_SOURCE: "it claims one of our own addresses as its source",
  IP_INVALID_SOURCE: "its source address cannot be one",
  IP_INVALID_DEST: "its destination address cannot be one",
  IP_LOCALNET: "127.0.0.0/8 arrived from outside (route_localnet is off)",
  PKT_TOO_BIG: "larger than the next link's MTU, with don't-fragment set",
  NEIGH_FAILED: "nobody answered ARP for the next hop",
  NEIGH_QUEUEFULL: "too many packets waited for ARP",
  NEIGH_DEAD: "the neighbour entry went away",
  DEV_HDR: "no link-layer header could be made",
  DEV_READY: "the device is down or has no carrier",
  FULL_RING: "the receiver's ring is full",
  QDISC_DROP: "the transmit queue is full",
  CPU_BACKLOG: "the CPU's backlog is full",
  HDR_TRUNC: "cut off within a header",
  UNHANDLED_PROTO: "an EtherType that nobody here handles",
  FRAG_REASM_TIMEOUT: "not all fragments came in time",
  DUP_FRAG: "a fragment came twice",
  ARP_INVALID: "a malformed ARP packet",
  BRIDGE_NON_FORWARDING_STATE: "the bridge port does not forward",
  BRIDGE_NO_EGRESS_PORT: "no port of the bridge may send it",
  BRIDGE_INGRESS_STP_STATE: "the bridge port does not take frames in",
  VLAN_FILTER: "the VLAN is not allowed here",
  IP_TUNNEL_ECN: "the envelope met congestion, and its content cannot be marked so",
  VXLAN_INVALID_HDR: "malformed VXLAN header",
  VXLAN_VNI_NOT_FOUND: "no VXLAN device has this VNI",
  VXLAN_NO_REMOTE: "the VXLAN device knows no remote for this MAC address",
  VXLAN_ENTRY_EXISTS: "the MAC address is bound to another remote",
  LOCAL_MAC: "it carries our own MAC address as its source",
  IP_FORWARDING_DISABLED: "not for this machine, and net.ipv4.ip_forward is 0",
  IP_TTL_EXPIRED: "its time to live ended here",
  IP_OPTIONS: "IPv4 options are not supported here",
  LINK_LOSS: "lost on the cable (a modelled impairment)",
};
