import { ALL_FEATURES, type FeatureName } from "../../link/feature-names.js";

/** Features that ethtool has an older name for, alone or together (off_flag_def). */
export interface FeatureGroup {
  readonly name: string;
  readonly short: string;
  readonly features: readonly FeatureName[];
}

/** In the order in which `ethtool -k` prints them. UDP fragmentation left the kernel: its name is read and means nothing. */
export const FEATURE_GROUPS: readonly FeatureGroup[] = [
  { name: "rx-checksumming", short: "rx", features: ["rx-checksum"] },
  {
    name: "tx-checksumming",
    short: "tx",
    features: [
      "tx-checksum-ipv4",
      "tx-checksum-ip-generic",
      "tx-checksum-ipv6",
      "tx-checksum-fcoe-crc",
      "tx-checksum-sctp",
    ],
  },
  {
    name: "scatter-gather",
    short: "sg",
    features: ["tx-scatter-gather", "tx-scatter-gather-fraglist"],
  },
  {
    name: "tcp-segmentation-offload",
    short: "tso",
    features: [
      "tx-tcp-segmentation",
      "tx-tcp-ecn-segmentation",
      "tx-tcp-mangleid-segmentation",
      "tx-tcp6-segmentation",
    ],
  },
  { name: "udp-fragmentation-offload", short: "ufo", features: [] },
  { name: "generic-segmentation-offload", short: "gso", features: ["tx-generic-segmentation"] },
  { name: "generic-receive-offload", short: "gro", features: ["rx-gro"] },
  { name: "large-receive-offload", short: "lro", features: ["rx-lro"] },
  { name: "rx-vlan-offload", short: "rxvlan", features: ["rx-vlan-hw-parse"] },
  { name: "tx-vlan-offload", short: "txvlan", features: ["tx-vlan-hw-insert"] },
  { name: "ntuple-filters", short: "ntuple", features: ["rx-ntuple-filter"] },
  { name: "receive-hashing", short: "rxhash", features: ["rx-hashing"] },
];

const GROUPED = new Set(FEATURE_GROUPS.flatMap(({ features }) => features));

/** Those that are printed under their own names only. */
export const UNGROUPED: readonly FeatureName[] = ALL_FEATURES.filter((name) => !GROUPED.has(name));

/** The features that a word of `ethtool -K` means; null for none that the kernel knows. */
export function featuresNamed(word: string): readonly FeatureName[] | null {
  const group = FEATURE_GROUPS.find(({ name, short }) => name === word || short === word);
  if (group !== undefined) return group.features;
  return ALL_FEATURES.includes(word as FeatureName) ? [word as FeatureName] : null;
}
