import type { Steps } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";
import type { Engine } from "../engine.js";
import { type Place, placeOfFile } from "./place.js";

/** Where the daemon mounts the namespaces of its sandboxes. */
export const NETNS_DIRECTORY = "/var/run/docker/netns";

/**
 * A namespace that lasts by its mount alone, without a process: that of an overlay network, `ingress_sbox`, `lb_…` (libnetwork's osl.Sandbox).
 */
export interface MountedNetns {
  /** `ingress_sbox`, `1-cxschhdybl`. */
  readonly name: string;
  readonly netns: Netns;
  readonly place: Place;
}

/** Makes a namespace, mounts it, and sets it up as each of a container is: without IPv6, with its loopback up. */
export function* mountNetns(engine: Engine, name: string): Steps<MountedNetns> {
  const path = `${NETNS_DIRECTORY}/${name}`;
  const { files } = engine.host;
  const netns = engine.host.createNetns(name);
  files.write(path, "");
  files.mountNetns(path, netns);
  const place = placeOfFile(path);
  for (const argv of netnsCommands(place)) yield* engine.must(argv);
  return { name, netns, place };
}

/** Takes a namespace away, with all its devices; nothing happens where there is none of that name. */
export function unmountNetns(engine: Engine, name: string): void {
  const { files } = engine.host;
  const path = `${NETNS_DIRECTORY}/${name}`;
  if (!files.exists(path)) return;
  if (files.netnsAt(path) !== null) files.unmountNetns(path);
  files.unlink(path);
}

/** What every new namespace gets. */
export function netnsCommands({ enter }: Place): readonly (readonly string[])[] {
  return [
    [...enter, "sysctl", "-w", "net.ipv6.conf.all.disable_ipv6=1"],
    [...enter, "ip", "link", "set", "dev", "lo", "up"],
  ];
}
