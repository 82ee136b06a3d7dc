import type { Engine } from "../docker/engine.js";
import { SWARM_COMMANDS } from "./command/commands.js";
import { infoLines } from "./command/info-lines.js";
import { SWARM_GROUPS } from "./command/usage/groups.js";
import { directoryOf } from "./directory.js";
import { SwarmMember } from "./member.js";
import { overlayTaskNetworking } from "./overlay/task-networking.js";

/**
 * Installs swarm mode beside an engine: `docker swarm init` works from now on. Parts of a node are added here (`member.parts`), parts of the leader in
 * `newCluster` (cluster/new-cluster.ts).
 */
export function installSwarm(engine: Engine): SwarmMember {
  const member = new SwarmMember(engine);
  member.overlay.listeners.push(member.balancing);
  member.parts.push(member.discovery, member.balancing, member.overlay, member.agent);
  member.agent.networking.push(overlayTaskNetworking(member));
  directoryOf(engine.host.world).set(engine.host.name, member);
  engine.swarm = {
    commands: SWARM_COMMANDS,
    groups: SWARM_GROUPS,
    networks: member.networks,
    infoLines: () => infoLines(member),
    *started() {
      member.end();
      if (member.cluster !== null) yield* member.start();
    },
    *stopping() {
      if (member.cluster !== null) yield* member.stop(false);
    },
    addressesOf: ({ id }, name) => member.discovery.addressesOf(id, name),
    nameOf: ({ id }, address) => member.discovery.nameOf(id, address),
  };
  return member;
}
