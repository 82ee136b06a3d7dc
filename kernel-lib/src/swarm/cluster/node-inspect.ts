import { formatIpv4 } from "../../base/addresses.js";
import { timeOf } from "../../docker/go/time.js";
import { type GoField, GoMap, GoStruct, type GoValue } from "../../docker/go/value.js";
import type { NodeObject } from "../model/node.js";
import { MACHINE } from "../orchestrator/filters.js";
import type { Cluster } from "./cluster.js";
import { CONTROL_PORT } from "./control-channel.js";

/** What an engine can log to, and its networks and volumes, in the order in which a node tells of them. */
export const PLUGINS: readonly (readonly [type: string, names: readonly string[]])[] = [
  ["Log", "awslogs fluentd gcplogs gelf journald json-file local logentries splunk syslog".split(" ")],
  ["Network", ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"]],
  ["Volume", ["local"]],
];

function struct(type: string, fields: Readonly<Record<string, GoValue | undefined>>): GoStruct {
  return new GoStruct(
    type,
    Object.entries(fields).flatMap(([name, value]): GoField[] =>
      value === undefined ? [] : [{ name, value }],
    ),
  );
}

/** A manager as the leader sees it; null for a worker. */
export function managerStatus(
  cluster: Cluster,
  { id }: NodeObject,
): { readonly leader: boolean; readonly reachability: "reachable" | "unreachable" } | null {
  if (!cluster.voters.has(id)) return null;
  const reached = cluster.leader?.manager?.raft.reaches(id) ?? true;
  return {
    leader: cluster.leader?.nodeId === id,
    reachability: reached ? "reachable" : "unreachable",
  };
}

/** A node as the API shows it. Divergence: no TLSInfo, for the lab's swarm has no certificates. */
export function inspectNode(cluster: Cluster, node: NodeObject): GoStruct {
  const status = managerStatus(cluster, node);
  const address = formatIpv4(node.address);
  const text = (value: string) => (value === "" ? undefined : value);
  const labels = (entries: ReadonlyMap<string, string>) => new GoMap(new Map(entries), "string");
  return struct("swarm.Node", {
    ID: node.id,
    Version: struct("swarm.Version", { Index: node.version }),
    CreatedAt: timeOf(node.createdAt),
    UpdatedAt: timeOf(node.updatedAt),
    Spec: struct("swarm.NodeSpec", {
      Labels: labels(node.labels),
      Role: node.role,
      Availability: node.availability,
    }),
    Description: struct("swarm.NodeDescription", {
      Hostname: node.hostname,
      Platform: struct("swarm.Platform", { Architecture: "x86_64", OS: "linux" }),
      Resources: struct("swarm.Resources", { NanoCPUs: MACHINE.nanoCpus, MemoryBytes: MACHINE.memoryBytes }),
      Engine: struct("swarm.EngineDescription", {
        EngineVersion: node.engineVersion,
        Labels: node.engineLabels.size === 0 ? undefined : labels(node.engineLabels),
        Plugins: PLUGINS.flatMap(([Type, names]) =>
          names.map((Name) => struct("swarm.PluginDescription", { Type, Name })),
        ),
      }),
    }),
    Status: struct("swarm.NodeStatus", {
      State: node.state,
      Message: text(node.message),
      Addr: address,
    }),
    ManagerStatus:
      status === null
        ? undefined
        : struct("swarm.ManagerStatus", {
            Leader: status.leader ? true : undefined,
            Reachability: status.reachability,
            Addr: `${address}:${CONTROL_PORT}`,
          }),
  });
}
