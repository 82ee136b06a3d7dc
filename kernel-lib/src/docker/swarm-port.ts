import type { Ipv4 } from "../base/addresses.js";
import type { Steps } from "../host/process.js";
import type { Subcommand } from "./command/subcommand.js";
import type { Network } from "./network/network.js";
import type { SwarmNetworks } from "./network/swarm-networks.js";

/** What an engine asks of the swarm mode that is installed beside it; the folder `swarm/` implements it, `docker/` knows no more of it. */
export interface SwarmPort {
  /** `docker swarm …`, `docker node …`, `docker service …`, `docker stack …`. */
  readonly commands: readonly Subcommand[];
  /** Help texts of the groups, by first word. */
  readonly groups: Readonly<Record<string, string>>;
  readonly networks: SwarmNetworks;
  /** The lines of `docker info` from ` Swarm: …` on. */
  infoLines(): readonly string[];
  /** The daemon is up (its containers restarted), before it takes commands. */
  started(): Steps<void>;
  /** The daemon has been asked to end, before its containers stop. */
  stopping(): Steps<void>;
  /** The addresses of a name in a network of the swarm; empty when nobody there has it. */
  addressesOf(network: Network, name: string): readonly Ipv4[];
  /** The name of an address there; null when it has none. */
  nameOf(network: Network, address: Ipv4): string | null;
}
