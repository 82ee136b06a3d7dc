import type { CableFigures } from "../link/cable-figures.js";

/** Programs that may run on a machine from the start. */
export type ServiceName = "http" | "dns" | "metadata";

/** A machine of a lab. */
export interface MachinePlan {
  /** Names of its network cards, in the order in which the kernel finds them at boot: the first has index 2. */
  readonly nics?: readonly string[];
  /** Commands that set it up, before anything else runs: each a line of plain words, or a list of words where one has blanks or quotes. */
  readonly setup?: readonly (string | readonly string[])[];
  /** Whether Docker runs on it. Default false. */
  readonly docker?: boolean;
  /**
   * `http`: a greeting on port 8080. `dns`: the name server of client.example and www.example. `metadata`: the cloud's metadata
   * service, for the Docker hosts of the lab.
   */
  readonly services?: readonly ServiceName[];
  /** Address of the name server in its /etc/resolv.conf. Default: the router of the presets, 192.168.56.1. */
  readonly nameserver?: string;
  /** More files on it, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** A box that nobody logs in to: it is not among the lab's machines, and drawings leave it out. Default false. */
  readonly hidden?: boolean;
}

/** A cable, with the figures of both its directions. */
export interface CablePlan extends Partial<CableFigures> {
  /** A machine's card as `host-a:enX0`, or a switch by its name: a port of its own is taken for each cable. */
  readonly ends: readonly [string, string];
}

export type SwarmRole = "manager" | "worker";

/** A swarm that stands when the lab begins. It is made by `docker swarm init` on the first of its nodes and by `docker swarm join` on the others, in their order. */
export interface SwarmPlan {
  /** Docker hosts by name, the first a manager: the address that each tells the others (`--advertise-addr`), and what it is there. */
  readonly nodes: Readonly<Record<string, { readonly address: string; readonly role: SwarmRole }>>;
  /** `--default-addr-pool` with its `--default-addr-pool-mask-length`: the ingress network is the first of the pool. Default: Docker's own pool. */
  readonly pool?: { readonly subnet: string; readonly maskLength: number };
}

/** What a lab is made of. Plain JSON: it stands in the journal. */
export interface LabPlan {
  readonly machines: Readonly<Record<string, MachinePlan>>;
  /** Names of switches: nobody logs in to one, and it carries frames of up to 9000 bytes (MTU). */
  readonly switches?: readonly string[];
  readonly cables: Readonly<Record<string, CablePlan>>;
  readonly swarm?: SwarmPlan;
}

/** One end of a cable: a machine and its card; for a switch no card is named. */
export interface CableEnd {
  readonly machine: string;
  readonly nic: string | null;
}

/** `host-a:enX0` or `switch`, taken apart. A card's name holds no colon (dev_valid_name). */
export function cableEnd(text: string): CableEnd {
  const colon = text.indexOf(":");
  if (colon < 0) return { machine: text, nic: null };
  return { machine: text.slice(0, colon), nic: text.slice(colon + 1) };
}
