import { ADJECTIVES, SURNAMES } from "../../docker/name-words.js";
import type { Cluster } from "../cluster/cluster.js";

/** `adjective_surname` for a service that was given no name (namesgenerator). */
export function newServiceName(cluster: Cluster): string {
  const random = cluster.ids.fork(
    `service-name/${cluster.store.services.size}/${cluster.world.scheduler.now}`,
  );
  const pick = (words: readonly string[]) => words[random.between(0, words.length - 1)]!;
  return `${pick(ADJECTIVES)}_${pick(SURNAMES)}`;
}
