import type { Engine } from "../docker/engine.js";
import type { World } from "../trace/world.js";
import type { SwarmMember } from "./member.js";

/** The engines with swarm mode of each lab, by the machine's name: what a message over the network names by text is found here. */
const DIRECTORIES = new WeakMap<World, Map<string, SwarmMember>>();

export function directoryOf(world: World): Map<string, SwarmMember> {
  let directory = DIRECTORIES.get(world);
  if (directory === undefined) {
    directory = new Map();
    DIRECTORIES.set(world, directory);
  }
  return directory;
}

/** The swarm mode of an engine, for a command that runs on it. */
export function memberOf({ host }: Engine): SwarmMember {
  const member = directoryOf(host.world).get(host.name);
  if (member === undefined) throw new Error(`bug in hopbook: swarm mode is not installed on ${host.name}`);
  return member;
}
