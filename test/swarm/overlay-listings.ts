import { existsSync, readdirSync, readFileSync } from "node:fs";
import { normalise } from "../support/normalise.js";
import { NODES, printed, type RecordedSwarm } from "./recorded-swarm.js";

const ORACLE = new URL("../oracle/swarm/", import.meta.url);

/** Who has an address of a network, by address: `web@docker01`. Which replica got which is chance, in the recording and here. */
export type Owners = ReadonlyMap<string, string>;

type Inspected = readonly {
  readonly Containers: Readonly<Record<string, { Name: string; IPv4Address: string }>>;
}[];

/** The owners as `docker network inspect` of all nodes tells them; `textOf` gives what it prints on a node. */
export function ownersOf(textOf: (node: string) => string): Owners {
  const owners = new Map<string, string>();
  for (const node of NODES)
    for (const { Name, IPv4Address } of Object.values((JSON.parse(textOf(node)) as Inspected)[0]!.Containers))
      owners.set(IPv4Address.split("/")[0]!, `${Name.split(".")[0]}@${node}`);
  return owners;
}

/** A listing with the owners' names in place of their addresses and of MACs that follow from them, and without what chance decides. */
export function comparable(text: string, owners: Owners): string {
  let result = normalise(text, { macs: false });
  for (const [address, owner] of owners) {
    const mac = `02:42:${address
      .split(".")
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join(":")}`;
    result = result
      .replace(new RegExp(`\\b${address.replaceAll(".", "\\.")}\\b`, "g"), `<${owner}>`)
      .replaceAll(mac, `<mac of ${owner}>`);
  }
  return (
    normalise(result, { ids: false })
      .replace(/\b(MAC|VETH|ID)\d+\b/g, "$1")
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
      .replace(/\b([a-z]+\.)\d+\.[0-9a-z]{25}\b/g, "$1SLOT.TASK")
      .replace(/\b[0-9a-z]{25}\b/g, "OBJECT")
      .replace(/\b(1-|lb_)[0-9a-z]{9,10}\b/g, "$1NETWORK")
      .replace(/\bgateway_[0-9a-f]{12}\b/g, "gateway_ID")
      .replace(/gc_timer +[\d.]+/, "gc_timer T")
      .replace(/forward_delay_timer +[\d.]+/g, "forward_delay_timer T")
      // Said of what an earlier swarm on the same machine has left behind.
      .replace(/^Error: Peer netns reference is invalid\.\n/gm, "")
      .replace(/(designated_bridge|designated_root|bridge_id) \S+/g, "$1 BRIDGE")
  );
}

/** What of a listing is compared, and in what order, where the kernel's order hangs on a secret of each boot. */
export type Part = (text: string) => string;

export const whole: Part = (text) => text;
export const sorted: Part = (text) => text.split("\n").sort().join("\n");

/** docker_gwbridge and its ports of `ip addr`: the cards are others, and stand elsewhere. */
export const gatewayBlocks: Part = (text) =>
  text
    .split(/^(?=\d+: )/m)
    .filter((block) => /^\d+: (docker_gwbridge|veth)/.test(block))
    .join("");

/** The same of `bridge fdb show`, without what was learned from traffic. */
export const gatewayEntries: Part = (text) =>
  text
    .split("\n")
    .filter((line) => / dev (docker_gwbridge|veth)/.test(line) && line.endsWith("permanent"))
    .join("\n");

/** Entries that stay; those of one tunnel in an order of their own, since their place hangs on the addresses. */
export const permanentEntries: Part = (text) => {
  const lines = text.split("\n").filter((line) => line.endsWith("permanent"));
  const remote = lines.filter((line) => line.includes(" dst ")).sort();
  return lines.map((line) => (line.includes(" dst ") ? remote.shift()! : line)).join("\n");
};

export const ownMacs: Part = (text) =>
  sorted(
    text
      .split("\n")
      .filter((line) => !line.includes("\tno\t"))
      .join("\n"),
  );

export const ids: Part = (text) => text.replace(/id: \d+/g, "id: N");
export const networkIds: Part = (text) => text.replace(/^[0-9a-z]{12} (?= )/gm, "ID ");
/** Without the /32 addresses that balancing adds. */
export const ownAddresses: Part = (text) =>
  text.replace(/^ {4}inet [\d.]+\/32 .*\n {7}valid_lft forever preferred_lft forever\n/gm, "");

/** Of `docker network inspect`: peers by address. */
export const inspected: Part = (text) => {
  if (!text.startsWith("[")) return text;
  const [network] = JSON.parse(text) as [{ Peers?: unknown; Containers: unknown }];
  if (Array.isArray(network.Peers))
    network.Peers = (network.Peers as { IP: string }[]).map(({ IP }) => IP).sort();
  const containers = Object.entries(
    network.Containers as Record<string, { Name: string; EndpointID: string }>,
  );
  network.Containers = containers
    .map(([id, value]) => ({ id: id.length === 64 ? "ID" : id, ...value, EndpointID: "ID" }))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  return JSON.stringify(network, null, 1);
};

/** One listing: its file in the recordings, the command, what of it is compared. */
export type Listing = readonly [file: string, command: string, part: Part];

export const HOST_LISTINGS: readonly Listing[] = [
  ["ip-netns.txt", "ip netns", ids],
  ["ip-addr.txt", "ip addr", gatewayBlocks],
  ["bridge-fdb-show.txt", "bridge fdb show", gatewayEntries],
  ["brctl-show.txt", "brctl show", whole],
  ["ip-route.txt", "ip route", whole],
  ["docker-network-ls.txt", "docker network ls", networkIds],
  ["docker-network-inspect-ingress.json", "docker network inspect ingress", inspected],
  ["docker-network-inspect-docker_gwbridge.json", "docker network inspect docker_gwbridge", inspected],
  ["docker-network-inspect-my-net.json", "docker network inspect my-net", inspected],
];

export const NAMESPACE_LISTINGS: readonly Listing[] = [
  ["ip-addr.txt", "ip addr", ownAddresses],
  ["ip-route.txt", "ip route", whole],
  ["ip-neigh.txt", "ip neigh", sorted],
  ["bridge-fdb-show.txt", "bridge fdb show", permanentEntries],
  ["ip-d-link-show.txt", "ip -d link show", whole],
  ["brctl-showmacs-br0.txt", "brctl showmacs br0", ownMacs],
];

/** Differences of one folder of a node's listings: `inside` leads the commands to the right namespace. */
export function differences(
  swarm: RecordedSwarm,
  node: string,
  folder: string,
  {
    listings,
    inside,
    real,
    ours,
  }: { listings: readonly Listing[]; inside: string; real: Owners; ours: Owners },
): readonly { file: string; real: string; ours: string }[] {
  return listings
    .filter(([file]) => existsSync(new URL(`${folder}/${file}`, ORACLE)))
    .map(([file, command, part]) => ({
      file: `${folder}/${file}`,
      real: part(comparable(part(printed(`${folder}/${file}`)), real)),
      ours: part(comparable(part(swarm.out(node, `${inside}${command}`)), ours)),
    }))
    .filter((both) => both.real !== both.ours);
}

/** The folders of a recording that begin with a word. */
export function folders(path: string, beginning: string): readonly string[] {
  return readdirSync(new URL(`${path}/`, ORACLE)).filter((name) => name.startsWith(beginning));
}

export function file(path: string): string {
  return readFileSync(new URL(path, ORACLE), "utf8");
}
