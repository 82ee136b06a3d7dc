import type { FirewallSettings } from "../firewall/layout.js";
import type { EngineVersion } from "../versions/engine-version.js";
import { addressWords } from "./address-words.js";
import type { Network } from "./network.js";
import type { Place } from "./place.js";
import type { EndpointDevices } from "./swarm-networks.js";

/**
 * The commands that make a network's bridge with its gateway address. docker0 and the others have no transmit queue length (netlink.LinkAttrs' zero).
 * Without docker-proxy, rules send 127.0.0.1 out by the bridge, which the kernel refuses unless route_localnet is on.
 */
export function bridgeCommands(
  network: Network,
  mac: string,
  { userlandProxy }: FirewallSettings,
  version: EngineVersion,
): readonly (readonly string[])[] {
  const { device } = network;
  const { prefix } = network.pool!.subnet;
  const { inhibitIpv4, bridgeMtu } = network.bridge;
  const address = addressWords(version, { address: network.gateway ?? 0, prefix }, device);
  return [
    ["ip", "link", "add", device, "txqueuelen", "0", "address", mac, "type", "bridge"],
    ...(bridgeMtu === null ? [] : [["ip", "link", "set", "dev", device, "mtu", String(bridgeMtu)]]),
    ...(inhibitIpv4 || network.gateway === null ? [] : [address]),
    ...(userlandProxy ? [] : [["sysctl", "-w", `net.ipv4.conf.${device}.route_localnet=1`]]),
    ["ip", "link", "set", "dev", device, "up"],
  ];
}

/**
 * The commands that make an endpoint's veth pair and put the machine's end on the bridge. The peer keeps `peer` as its name for the moment.
 * Without docker-proxy, a container's packet to its own published port comes back by the port that it came in (hairpin mode).
 */
export function vethCommands(
  endpoint: EndpointDevices,
  peer: string,
  { userlandProxy }: FirewallSettings,
): readonly (readonly string[])[] {
  const device = endpoint.hostDevice!;
  const { mtu } = endpoint.network;
  const sized =
    mtu === null ? [] : [device, peer].map((name) => ["ip", "link", "set", "dev", name, "mtu", String(mtu)]);
  return [
    ["ip", "link", "add", device, "txqueuelen", "0", "type", "veth", "peer", "name", peer],
    ["ip", "link", "set", "dev", peer, "txqueuelen", "0"],
    ...sized,
    ["ip", "link", "set", "dev", device, "master", endpoint.network.device],
    ...(userlandProxy ? [] : [["bridge", "link", "set", "dev", device, "hairpin", "on"]]),
    ["ip", "link", "set", "dev", device, "up"],
  ];
}

/** The commands that move the peer into the container's namespace and configure it there. */
export function moveCommands(
  endpoint: EndpointDevices,
  peer: string,
  { netns, enter }: Place,
  version: EngineVersion,
): readonly (readonly string[])[] {
  const { prefix } = endpoint.network.pool!.subnet;
  const device = endpoint.containerDevice!;
  const inside = (...argv: string[]) => [...enter, ...argv];
  return [
    ["ip", "link", "set", "dev", peer, "netns", netns],
    inside("ip", "link", "set", "dev", peer, "name", device),
    inside("ip", "link", "set", "dev", device, "address", endpoint.mac),
    inside(...addressWords(version, { address: endpoint.address!, prefix }, device)),
    inside("ip", "link", "set", "dev", device, "up"),
  ];
}
