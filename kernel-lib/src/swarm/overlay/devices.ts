import { formatIpv4, formatMac, type InterfaceAddress } from "../../base/addresses.js";
import { addressWords } from "../../docker/network/address-words.js";
import type { Place } from "../../docker/network/place.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";
import type { PeerRecord } from "../gossip/tables.js";
import type { NetworkObject } from "../model/network.js";

type Argv = readonly string[];

/** Outer Ethernet, IPv4, UDP and VXLAN headers: what an overlay's frames leave free (vxlanEncap of the overlay driver). */
const VXLAN_HEADERS = 50;

/** The MTU of an overlay's devices: the underlay's 1500, or what the network's option says, less the headers of the tunnel. */
export function overlayMtu({ options }: NetworkObject): number {
  const given = Number(options.get("com.docker.network.driver.mtu") ?? 0);
  return (given > 0 ? given : 1500) - VXLAN_HEADERS;
}

function inside({ enter }: Place, ...argv: string[]): Argv {
  return [...enter, ...argv];
}

/** The driver's first act on a machine: whether VXLAN devices can be made there (networkOnceInit). */
export const PROBE_COMMANDS: readonly Argv[] = [
  ["ip", "link", "add", "testvxlan", "txqueuelen", "0", "type", "vxlan", "id", "1", "dstport", "4789"],
  ["ip", "link", "delete", "dev", "testvxlan"],
];

/** The bridge and the VXLAN device of an overlay network, in its namespace (setupSubnetSandbox). The VXLAN device is made on the machine, by whose network its packets go. */
export function subnetCommands(
  network: NetworkObject,
  port: number,
  place: Place,
  version: EngineVersion,
): readonly Argv[] {
  const suffix = `${network.vni.toString(16).padStart(6, "0")}-${network.id.slice(0, 5)}`;
  const bridge = `ov-${suffix}`;
  const vxlan = `vx-${suffix}`;
  const gateway: InterfaceAddress = { address: network.gateway, prefix: network.subnet.prefix };
  const kind = ["vxlan", "id", String(network.vni), "dstport", String(port), "proxy", "l2miss", "l3miss"];
  return [
    inside(place, "ip", "link", "add", bridge, "txqueuelen", "0", "type", "bridge"),
    inside(place, "ip", "link", "set", "dev", bridge, "name", "br0"),
    inside(place, ...addressWords(version, gateway, "br0")),
    inside(place, "ip", "link", "set", "dev", "br0", "up"),
    ["ip", "link", "add", vxlan, "mtu", String(overlayMtu(network)), "txqueuelen", "0", "type", ...kind],
    ["ip", "link", "set", "dev", vxlan, "netns", place.netns],
    inside(place, "ip", "link", "set", "dev", vxlan, "name", "vxlan0", "master", "br0", "up"),
    inside(place, "ip", "link", "set", "dev", "br0", "type", "bridge", "vlan_default_pvid", "0"),
  ];
}

/** The pair of an endpoint: one end becomes a port of the network's bridge, the other waits on the machine. */
export function pairCommands(
  { hostDevice, peer, port, mtu }: { hostDevice: string; peer: string; port: string; mtu: number },
  place: Place,
): readonly Argv[] {
  const sized = ["mtu", String(mtu)];
  return [
    [
      "ip",
      "link",
      "add",
      hostDevice,
      ...sized,
      "txqueuelen",
      "0",
      "type",
      "veth",
      "peer",
      "name",
      peer,
      ...sized,
    ],
    ["ip", "link", "set", "dev", peer, "txqueuelen", "0"],
    ["ip", "link", "set", "dev", hostDevice, "netns", place.netns],
    inside(place, "ip", "link", "set", "dev", hostDevice, "name", port, "master", "br0", "up"),
  ];
}

/** A change of what vxlan0 knows: an endpoint of another node is there, or gone. */
export interface PeerChange {
  readonly record: PeerRecord;
  readonly removed: boolean;
}

/** What is told to `ip` about an endpoint of another node: vxlan0 answers ARP requests for it. */
export function neighbourWords({ record, removed }: PeerChange): Argv {
  const address = formatIpv4(record.address);
  if (removed) return ["neigh", "del", address, "dev", "vxlan0"];
  return ["neigh", "replace", address, "lladdr", formatMac(record.mac), "dev", "vxlan0", "nud", "permanent"];
}

/**
 * What is told to `bridge`: to which node frames for it go. With an endpoint that is gone, what br0 has learned of it goes as well (libnetwork's DeleteNeighbor): its
 * address, and so its MAC, may come back on this node. There may be nothing learned; then that command fails, and nobody minds.
 */
export function forwardingWords({ record, removed }: PeerChange): readonly Argv[] {
  const mac = formatMac(record.mac);
  const to = [mac, "dev", "vxlan0", "dst", formatIpv4(record.vtep), "self"];
  if (!removed) return [["fdb", "replace", ...to, "permanent"]];
  return [
    ["fdb", "del", ...to],
    ["fdb", "del", mac, "dev", "vxlan0", "master"],
  ];
}
