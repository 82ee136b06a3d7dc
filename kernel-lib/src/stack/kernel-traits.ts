/** What differs between the kernels of the years that the lab's Docker releases come from. */
export interface KernelTraits {
  /** tx_queue_len of `lo`: 1 up to Linux 4.12, where a device without a queue got 1 (since 4.3); 1000 after it. */
  readonly loopbackQueueLength: number;
  /** A table whose module is loaded is in every namespace of the machine: up to Linux 4.5. */
  readonly tablesEverywhere: boolean;
  /** A card's queueing discipline: the kernel's own, or what the distributions set with newer kernels. */
  readonly cardQdisc: "pfifo_fast" | "fq_codel";
  /**
   * A SYN on an IPVS connection that is over, in a flow that netfilter tracks, is dropped and only its retransmission scheduled: up to Linux 5.8
   * (f0a5e4d7a594 "ipvs: allow connection reuse for unconfirmed conntrack").
   */
  readonly dropsReused: boolean;
  /**
   * A VXLAN device that was moved out of the namespace of its socket is listed as linked to its own number there (`vxlan0@if6`): since Linux 5.16 (feadc4b6cf42
   * "rtnetlink: always put IFLA_LINK for links with a link-netnsid").
   */
  readonly tellsMovedTunnel: boolean;
}

/** Of a release such as `4.4.0-87-generic`. */
export function kernelTraits(release: string): KernelTraits {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  const before = (otherMajor: number, otherMinor: number) =>
    Number(major) < otherMajor || (Number(major) === otherMajor && Number(minor) < otherMinor);
  return {
    loopbackQueueLength: before(4, 13) ? 1 : 1000,
    tablesEverywhere: before(4, 6),
    cardQdisc: before(4, 13) ? "pfifo_fast" : "fq_codel",
    dropsReused: before(5, 9),
    tellsMovedTunnel: !before(5, 16),
  };
}

/** Linux 6.1. */
export const MODERN_KERNEL: KernelTraits = kernelTraits("6.1.0");
