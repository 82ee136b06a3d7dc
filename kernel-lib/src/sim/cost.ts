import { ms, type Nanoseconds, us } from "../base/units.js";

/**
 * What each stage costs in CPU time on a modelled machine. The plots that use these say "modelled latency". They are set so that
 * the sum of a container → bridge → container path is near what a present-day server core needs (2 to 4 µs a packet, measured
 * with `pktgen` and `ping -f` on veth pairs); single stages follow the shares that `perf` and published flame graphs of the
 * veth and bridge path show. Exact values matter less than that every plot uses the same ones.
 */
export interface CostModel {
  /** System call, socket lookup and copy of a datagram on its way down. */
  readonly socketSend: Nanoseconds;
  /** The same on its way up, with the wake-up of the reader left out. */
  readonly socketReceive: Nanoseconds;
  /** Scheduling a process that waited (try_to_wake_up, context switch). */
  readonly wakeUp: Nanoseconds;
  /** ip_rcv or ip_output without netfilter. */
  readonly ip: Nanoseconds;
  /** One fib_lookup. */
  readonly route: Nanoseconds;
  /** ip_forward: TTL, MTU check. */
  readonly forward: Nanoseconds;
  /** Header building from a cached neighbour. */
  readonly neighbour: Nanoseconds;
  /** ARP packet handled (arp_process). */
  readonly arp: Nanoseconds;
  /** veth_xmit to the peer's backlog and the softirq that takes it (__netif_receive_skb). */
  readonly veth: Nanoseconds;
  /** Loopback transmit and receive. */
  readonly loopback: Nanoseconds;
  /** br_handle_frame with FDB lookup and learning. */
  readonly bridge: Nanoseconds;
  /** One clone of a flooded frame. */
  readonly clone: Nanoseconds;
  /** A physical NIC's transmit (descriptor, doorbell) and, again, its receive (interrupt, NAPI). */
  readonly nic: Nanoseconds;
  /** One netfilter hook call with an empty table. */
  readonly hook: Nanoseconds;
  /** One rule evaluated. */
  readonly rule: Nanoseconds;
  /** nf_conntrack_in for a known connection. */
  readonly conntrack: Nanoseconds;
  /** A new connection: allocation and, with NAT, tuple search. */
  readonly conntrackNew: Nanoseconds;
  /** Encapsulation or decapsulation of VXLAN. */
  readonly vxlan: Nanoseconds;
  /** One segment cut off a super-packet in software: buffer, headers, copy and checksum (skb_segment). */
  readonly segment: Nanoseconds;
  /** Copying 1024 bytes of a super-packet between a program and the kernel: about 10 GB/s. For a single segment it is in the socket's cost. */
  readonly copyKilobyte: Nanoseconds;
  /** One IPVS scheduling decision or connection lookup. */
  readonly ipvs: Nanoseconds;
  /** fork, exec and the dynamic linker for a small command such as `ip`. */
  readonly exec: Nanoseconds;
}

export const DEFAULT_COSTS: CostModel = {
  socketSend: 550,
  socketReceive: 450,
  wakeUp: us(1.8),
  ip: 150,
  route: 60,
  forward: 60,
  neighbour: 50,
  arp: 400,
  veth: 320,
  loopback: 280,
  bridge: 180,
  clone: 90,
  nic: 900,
  hook: 20,
  rule: 15,
  conntrack: 90,
  conntrackNew: 500,
  vxlan: 350,
  segment: 300,
  copyKilobyte: 100,
  ipvs: 200,
  exec: ms(3),
};

/** The time for copying the `bytes` of a super-packet. */
export function copyCost(costs: CostModel, bytes: number): Nanoseconds {
  return Math.round((bytes * costs.copyKilobyte) / 1024);
}
