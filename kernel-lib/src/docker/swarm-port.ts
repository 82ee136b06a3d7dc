import type { Ipv4 } from "../base/addresses.js";
import type { Steps } from "../host/process.js";
import type { Subcommand } from "./command/subcommand.js";
import type { Container } from "./container/container.js";

/** What an engine asks of the swarm mode that is installed beside it; the folder `swarm/` implements it, `docker/` knows no more of it. */
export interface SwarmPort {
  /** `docker swarm …`, `docker node …`, `docker service …`, `docker stack …`. */
  readonly commands: readonly Subcommand[];
  /** Help texts of the groups, by first word. */
  readonly groups: Readonly<Record<string, string>>;
  /** The lines of `docker info` from ` Swarm: …` on. */
  infoLines(): readonly string[];
  /** The daemon is up (its containers restarted), before it takes commands. */
  started(): Steps<void>;
  /** The daemon has been asked to end, before its containers stop. */
  stopping(): Steps<void>;
  /** Addresses that a container knows under a name of the swarm's networks; empty when it is no such name. */
  resolveName(container: Container, name: string): readonly Ipv4[];
  /** The name of an address of the swarm's networks; null when nobody there has it. */
  resolveAddress(container: Container, address: Ipv4): string | null;
}
