import type { Process } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";

/** Where `ip netns` keeps a file for each namespace. */
export const NETNS_DIRECTORY = "/var/run/netns";

export interface NamedNetns {
  readonly name: string;
  readonly netns: Netns;
}

/** The namespaces that have a file under /var/run/netns (symbolic links to /proc/PID/ns/net included), newest first as readdir of a tmpfs gives them. */
export function namedNetns(process: Process): readonly NamedNetns[] {
  const { files } = process;
  if (!files.exists(NETNS_DIRECTORY)) return [];
  const found: NamedNetns[] = [];
  for (const name of files.readdir(NETNS_DIRECTORY)) {
    const path = `${NETNS_DIRECTORY}/${name}`;
    const netns = files.exists(path) ? files.netnsAt(path) : null;
    if (netns !== null) found.unshift({ name, netns });
  }
  return found;
}
