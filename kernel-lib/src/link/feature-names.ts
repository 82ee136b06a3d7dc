import type { DeviceKind } from "./device-kind.js";

/** Features of network devices by the names that the kernel gives them, in the order of its bits (net/ethtool/common.c, Linux 6.1). */
export const ALL_FEATURES = [
  "tx-scatter-gather",
  "tx-checksum-ipv4",
  "tx-checksum-ip-generic",
  "tx-checksum-ipv6",
  "highdma",
  "tx-scatter-gather-fraglist",
  "tx-vlan-hw-insert",
  "rx-vlan-hw-parse",
  "rx-vlan-filter",
  "vlan-challenged",
  "tx-generic-segmentation",
  "tx-lockless",
  "netns-local",
  "rx-gro",
  "rx-lro",
  "tx-tcp-segmentation",
  "tx-gso-robust",
  "tx-tcp-ecn-segmentation",
  "tx-tcp-mangleid-segmentation",
  "tx-tcp6-segmentation",
  "tx-fcoe-segmentation",
  "tx-gre-segmentation",
  "tx-gre-csum-segmentation",
  "tx-ipxip4-segmentation",
  "tx-ipxip6-segmentation",
  "tx-udp_tnl-segmentation",
  "tx-udp_tnl-csum-segmentation",
  "tx-gso-partial",
  "tx-tunnel-remcsum-segmentation",
  "tx-sctp-segmentation",
  "tx-esp-segmentation",
  "tx-udp-segmentation",
  "tx-gso-list",
  "tx-checksum-fcoe-crc",
  "tx-checksum-sctp",
  "fcoe-mtu",
  "rx-ntuple-filter",
  "rx-hashing",
  "rx-checksum",
  "tx-nocache-copy",
  "loopback",
  "rx-fcs",
  "rx-all",
  "tx-vlan-stag-hw-insert",
  "rx-vlan-stag-hw-parse",
  "rx-vlan-stag-filter",
  "l2-fwd-offload",
  "hw-tc-offload",
  "esp-hw-offload",
  "esp-tx-csum-hw-offload",
  "rx-udp_tunnel-port-offload",
  "tls-hw-tx-offload",
  "tls-hw-rx-offload",
  "rx-gro-hw",
  "tls-hw-record",
  "rx-gro-list",
  "macsec-hw-offload",
  "rx-udp-gro-forwarding",
  "hsr-tag-ins-offload",
  "hsr-tag-rm-offload",
  "hsr-fwd-offload",
  "hsr-dup-offload",
] as const;

export type FeatureName = (typeof ALL_FEATURES)[number];

/** The features of a kind of device when it is made. Those in no set are off for good. */
export interface FeatureTable {
  readonly on: ReadonlySet<FeatureName>;
  /** Off, but can be turned on. */
  readonly off: ReadonlySet<FeatureName>;
  /** On for good. */
  readonly always: ReadonlySet<FeatureName>;
}

function table(on: string, off: string, always: string): FeatureTable {
  const read = (text: string) => new Set(text.split(" ") as FeatureName[]);
  return { on: read(on), off: read(off), always: read(always) };
}

/**
 * As `ethtool -k` shows them on Linux 6.1. The network card is a virtio_net, but for putting received segments together (rx-gro, rx-gro-hw): no card of a lab
 * does that.
 */
export const FEATURES_OF: Readonly<Record<DeviceKind, FeatureTable>> = {
  veth: table(
    "rx-checksum tx-checksum-ip-generic tx-checksum-sctp tx-scatter-gather tx-scatter-gather-fraglist tx-tcp-segmentation tx-tcp-ecn-segmentation " +
      "tx-tcp-mangleid-segmentation tx-tcp6-segmentation tx-generic-segmentation rx-vlan-hw-parse tx-vlan-hw-insert highdma " +
      "tx-gre-segmentation tx-gre-csum-segmentation tx-ipxip4-segmentation tx-ipxip6-segmentation tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation " +
      "tx-sctp-segmentation tx-udp-segmentation tx-gso-list tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse",
    "rx-gro tx-nocache-copy rx-gro-list rx-udp-gro-forwarding",
    "tx-lockless",
  ),
  bridge: table(
    "tx-checksum-ip-generic tx-scatter-gather tx-scatter-gather-fraglist tx-tcp-segmentation tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation " +
      "tx-tcp6-segmentation tx-generic-segmentation rx-gro tx-vlan-hw-insert highdma tx-gso-robust tx-fcoe-segmentation tx-gre-segmentation " +
      "tx-gre-csum-segmentation tx-ipxip4-segmentation tx-ipxip6-segmentation tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation " +
      "tx-gso-partial tx-tunnel-remcsum-segmentation tx-sctp-segmentation tx-esp-segmentation tx-udp-segmentation tx-gso-list " +
      "tx-vlan-stag-hw-insert",
    "tx-nocache-copy rx-gro-list rx-udp-gro-forwarding",
    "tx-lockless netns-local",
  ),
  vxlan: table(
    "rx-checksum tx-checksum-ip-generic tx-scatter-gather tx-scatter-gather-fraglist tx-tcp-segmentation tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation " +
      "tx-tcp6-segmentation tx-generic-segmentation rx-gro tx-sctp-segmentation tx-udp-segmentation tx-gso-list",
    "tx-nocache-copy rx-gro-list rx-udp-gro-forwarding",
    "tx-lockless",
  ),
  dummy: table(
    "tx-checksum-ip-generic tx-scatter-gather tx-scatter-gather-fraglist tx-tcp-segmentation tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation " +
      "tx-tcp6-segmentation tx-generic-segmentation rx-gro highdma tx-gre-segmentation tx-gre-csum-segmentation tx-ipxip4-segmentation " +
      "tx-ipxip6-segmentation tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation tx-sctp-segmentation tx-udp-segmentation " +
      "tx-gso-list",
    "tx-nocache-copy rx-gro-list rx-udp-gro-forwarding",
    "tx-lockless",
  ),
  loopback: table(
    "tx-tcp-segmentation tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation tx-tcp6-segmentation tx-generic-segmentation rx-gro tx-sctp-segmentation " +
      "tx-udp-segmentation tx-gso-list",
    "rx-gro-list rx-udp-gro-forwarding",
    "rx-checksum tx-checksum-ip-generic tx-checksum-sctp tx-scatter-gather tx-scatter-gather-fraglist highdma vlan-challenged tx-lockless " +
      "netns-local loopback",
  ),
  nic: table(
    "tx-checksum-ip-generic tx-scatter-gather tx-tcp-segmentation tx-tcp6-segmentation tx-generic-segmentation",
    "tx-tcp-mangleid-segmentation tx-nocache-copy rx-gro-list rx-udp-gro-forwarding",
    "rx-checksum highdma tx-gso-robust",
  ),
};
