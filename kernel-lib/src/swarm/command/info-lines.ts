import { formatCidr, formatIpv4 } from "../../base/addresses.js";
import { humanDuration } from "../../docker/go/time.js";
import type { Cluster } from "../cluster/cluster.js";
import { CONTROL_PORT } from "../cluster/control-channel.js";
import { noLeader } from "../cluster/no-leader.js";
import type { SwarmMember } from "../member.js";
import { ageOf } from "./age.js";

/** The pool that ingress and the other networks are cut from where nobody chose one. */
const DEFAULT_POOL = "10.0.0.0/8";

/** The part of `docker info` about the swarm (printSwarmInfo). */
export function infoLines(member: SwarmMember): readonly string[] {
  const { cluster, manager } = member;
  if (cluster === null) return [" Swarm: inactive"];
  const leaderless = manager !== null && !manager.raft.knowsLeader;
  const addresses = cluster.managers.map(({ address }) => `   ${formatIpv4(address)}:${CONTROL_PORT}`).sort();
  return [
    ` Swarm: ${member.welcomed ? "active" : "pending"}`,
    `  NodeID: ${member.nodeId}`,
    ...(leaderless ? [`  Error: ${noLeader(member.engine.version).message}`] : []),
    `  Is Manager: ${manager !== null}`,
    ...(manager !== null && !leaderless ? clusterLines(cluster, ageOf(member.engine.version)) : []),
    `  Node Address: ${formatIpv4(member.address)}`,
    ...(ageOf(member.engine.version) >= 17 ? ["  Manager Addresses:", ...addresses] : []),
  ];
}

/** What managers tell, as each release had it. */
function clusterLines({ id, voters, store, options, spec }: Cluster, age: number): string[] {
  const pools = options.addressPools.length > 0 ? options.addressPools.map(formatCidr) : [DEFAULT_POOL];
  return [
    `  ClusterID: ${id}`,
    `  Managers: ${voters.size}`,
    `  Nodes: ${store.nodes.size}`,
    ...(age >= 18.09
      ? [
          `  Default Address Pool: ${pools.map((pool) => `${pool}  `).join("")}`,
          `  SubnetSize: ${options.subnetSize}`,
          `  Data Path Port: ${options.dataPathPort}`,
        ]
      : []),
    "  Orchestration:",
    `   Task History Retention Limit: ${spec.taskHistoryLimit}`,
    "  Raft:",
    "   Snapshot Interval: 10000",
    ...(age >= 17 ? ["   Number of Old Snapshots to Retain: 0"] : []),
    "   Heartbeat Tick: 1",
    `   Election Tick: ${age >= 18 ? 10 : 3}`,
    "  Dispatcher:",
    `   Heartbeat Period: ${humanDuration(spec.heartbeat)}`,
    "  CA Configuration:",
    "   Expiry Duration: 3 months",
    ...(age >= 17.06 ? ["   Force Rotate: 0"] : []),
    ...(age >= 17 ? ["  Autolock Managers: false"] : []),
    ...(age >= 17.06 ? ["  Root Rotation In Progress: false"] : []),
  ];
}
