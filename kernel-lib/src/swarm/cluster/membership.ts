import type { Ipv4 } from "../../base/addresses.js";
import { DockerError } from "../../docker/docker-error.js";
import type { Steps } from "../../host/process.js";
import type { SwarmMember } from "../member.js";
import type { Availability, NodeRole } from "../model/node.js";
import type { Cluster, ClusterOptions } from "./cluster.js";
import { newCluster } from "./new-cluster.js";

export const ALREADY_PART =
  'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.';

/** What a node says of itself when it comes into a swarm. */
export interface Admission {
  readonly role: NodeRole;
  readonly address: Ipv4;
  readonly availability: Availability;
}

/** `docker swarm init`: a swarm of one manager, which leads it. */
export function* initSwarm(
  member: SwarmMember,
  options: ClusterOptions,
  admission: Omit<Admission, "role">,
): Steps<Cluster> {
  const { engine } = member;
  if (member.cluster !== null) throw new DockerError(ALREADY_PART, "server");
  const cluster = newCluster(engine.host.world, engine.host.name, options);
  admit(cluster, member, { ...admission, role: "manager" });
  yield* member.start();
  return cluster;
}

/** Puts a node into the swarm's store. */
export function admit(cluster: Cluster, member: SwarmMember, admission: Admission): void {
  const { host, version } = member.engine;
  const { now } = host.world.scheduler;
  const id = cluster.ids.next();
  cluster.members.set(id, member);
  cluster.store.put("node", {
    id,
    hostname: host.uts.hostname,
    address: admission.address,
    role: admission.role,
    availability: admission.availability,
    labels: new Map(),
    engineLabels: new Map(),
    state: "unknown",
    message: "",
    engineVersion: version.server.version,
    createdAt: now,
    updatedAt: now,
    version: 0,
  });
  member.cluster = cluster;
  member.nodeId = id;
  member.address = admission.address;
}

/** The node leaves: what it did as a node ends, and it forgets the swarm. The managers notice that it is not heard any more. */
export function* leaveSwarm(member: SwarmMember): Steps<void> {
  yield* member.stop(true);
  member.cluster?.members.delete(member.nodeId);
  member.cluster = null;
  member.welcomed = false;
  member.nodeId = "";
  member.address = 0;
}
