/**
 * What a device does with packets instead of the kernel, as `ethtool -K` turns on and off (netdev_features_t): those that change anything here.
 * Checksums are always complete, so the checksum features tell only who is said to have made them.
 */
export class Features {
  /** rx-checksumming. */
  rxChecksum = true;
  /** tx-checksum-ip-generic. */
  txChecksum = true;
  /** tx-scatter-gather. */
  scatterGather = true;
  /** tx-tcp-segmentation: the device takes TCP super-packets. */
  tso = true;
  /** generic-segmentation-offload: TCP makes super-packets even for a device without tso; they are cut just before it. */
  gso = true;
  /** tx-udp_tnl-segmentation: the device takes TCP super-packets in an envelope of UDP (VXLAN). */
  tunnelSegmentation = true;
}
