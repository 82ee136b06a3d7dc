import { formatIpv4 } from "../../base/addresses.js";
import { timeOf, timeString } from "../../docker/go/time.js";
import type { NodeObject } from "../model/node.js";
import { MACHINE } from "../orchestrator/filters.js";
import type { Cluster } from "./cluster.js";
import { CONTROL_PORT } from "./control-channel.js";
import { managerStatus, PLUGINS } from "./node-inspect.js";

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

const GIB = 2 ** 30;

/** `docker node inspect --pretty` (nodeInspectPrettyTemplate). */
export function prettyNode(cluster: Cluster, node: NodeObject): string {
  const status = managerStatus(cluster, node);
  const address = formatIpv4(node.address);
  return [
    `ID:\t\t\t${node.id}`,
    ...labelLines("Labels", node.labels),
    `Hostname:              \t${node.hostname}`,
    `Joined at:             \t${timeString(timeOf(node.createdAt)).replace(" +0000 UTC", " +0000 utc")}`,
    "Status:",
    ` State:\t\t\t${capital(node.state)}`,
    ...(node.message === "" ? [] : [` Message:              \t${capital(node.message)}`]),
    ` Availability:         \t${capital(node.availability)}`,
    ` Address:\t\t${address}`,
    ...(status === null
      ? []
      : [
          "Manager Status:",
          ` Address:\t\t${address}:${CONTROL_PORT}`,
          ` Raft Status:\t\t${capital(status.reachability)}`,
          ` Leader:\t\t${status.leader ? "Yes" : "No"}`,
        ]),
    "Platform:",
    " Operating System:\tlinux",
    " Architecture:\t\tx86_64",
    "Resources:",
    ` CPUs:\t\t\t${MACHINE.nanoCpus / 1e9}`,
    ` Memory:\t\t${Number((MACHINE.memoryBytes / GIB).toPrecision(4))}GiB`,
    "Plugins:",
    ...PLUGINS.map(([type, names]) => ` ${type}:\t\t${names.join(", ")}`),
    `Engine Version:\t\t${node.engineVersion}`,
    "",
  ].join("\n");
}

function labelLines(title: string, labels: ReadonlyMap<string, string>): string[] {
  if (labels.size === 0) return [];
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return [`${title}:`, ...sorted.map(([key, value]) => ` - ${key}${value === "" ? "" : `=${value}`}`)];
}
