import { ALL_FEATURES, type FeatureName, type FeatureTable } from "./feature-names.js";

/** What a request for features has brought about. */
export interface FeatureChange {
  /** Asked for, but the device or another feature does not allow it. */
  readonly refused: readonly FeatureName[];
  /** On before and off now, or the other way round. */
  readonly changed: readonly FeatureName[];
}

/**
 * What a device does with packets instead of the kernel (netdev_features_t): what its driver can do, what the administrator wants (`ethtool -K`) and what is on. Checksums
 * in frames are always complete, so the checksum features only tell who is said to have made them.
 */
export class Features {
  /** tx-checksum-ip-generic. */
  txChecksum = true;
  /** tx-tcp-segmentation: the device takes TCP super-packets. */
  tso = true;
  /** tx-generic-segmentation: TCP makes super-packets even for a device without tso; they are cut just before it. */
  gso = true;
  /** tx-udp_tnl-segmentation: the device takes TCP super-packets in an envelope of UDP without a checksum. */
  tunnel = true;
  /** tx-udp_tnl-csum-segmentation: and in one with a checksum. */
  tunnelChecksum = true;
  private wanted: ReadonlySet<FeatureName>;
  private active: ReadonlySet<FeatureName>;

  constructor(private readonly table: FeatureTable) {
    this.wanted = table.on;
    this.active = table.on;
    this.follow();
  }

  /** Whether it is on now. */
  has(name: FeatureName): boolean {
    return this.active.has(name) || this.table.always.has(name);
  }

  /** Whether the administrator wants it on. */
  isWanted(name: FeatureName): boolean {
    return this.wanted.has(name);
  }

  /** Nobody can change it (not among hw_features). */
  isFixed(name: FeatureName): boolean {
    return !this.table.on.has(name) && !this.table.off.has(name);
  }

  /** Turns features on and off, and with them those that cannot be without them (ethnl_set_features). */
  change(requests: ReadonlyMap<FeatureName, boolean>): FeatureChange {
    const before = ALL_FEATURES.filter((name) => this.has(name));
    const wanted = new Set(this.wanted);
    for (const [name, on] of requests) {
      if (this.isFixed(name)) continue;
      if (on) wanted.add(name);
      else wanted.delete(name);
    }
    this.wanted = wanted;
    this.active = possible(wanted, this.table.always);
    this.follow();
    return {
      refused: [...requests.keys()].filter((name) => this.has(name) !== requests.get(name)),
      changed: ALL_FEATURES.filter((name) => this.has(name) !== before.includes(name)),
    };
  }

  private follow(): void {
    this.txChecksum = this.has("tx-checksum-ip-generic");
    this.tso = this.has("tx-tcp-segmentation");
    this.gso = this.has("tx-generic-segmentation");
    this.tunnel = this.has("tx-udp_tnl-segmentation");
    this.tunnelChecksum = this.has("tx-udp_tnl-csum-segmentation");
  }
}

const TCP_SEGMENTATION: readonly FeatureName[] = [
  "tx-tcp-segmentation",
  "tx-tcp-ecn-segmentation",
  "tx-tcp-mangleid-segmentation",
  "tx-tcp6-segmentation",
];

/** What can be on of what is wanted (netdev_fix_features): segmentation needs checksums and scatter-gather, GSO needs scatter-gather. */
function possible(
  wanted: ReadonlySet<FeatureName>,
  always: ReadonlySet<FeatureName>,
): ReadonlySet<FeatureName> {
  const active = new Set(wanted);
  const has = (name: FeatureName) => active.has(name) || always.has(name);
  const gathers = has("tx-scatter-gather");
  if (!gathers) active.delete("tx-generic-segmentation");
  if (!gathers || !has("tx-checksum-ip-generic")) for (const name of TCP_SEGMENTATION) active.delete(name);
  if (!active.has("tx-tcp-segmentation")) active.delete("tx-tcp-mangleid-segmentation");
  return active;
}
