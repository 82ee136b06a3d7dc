import type { CablePlan, LabPlan, MachinePlan, SwarmPlan } from "./plan.js";

/** A number of nodes, or their names. */
export type SwarmNodes = number | readonly string[];

/** The options of the preset `swarm` beside those of every lab. */
export interface SwarmOptions<N extends SwarmNodes = SwarmNodes> {
  /** 1 to 200 Docker hosts: docker01, docker02 … docker10 … Or a list of names of your own. Default 3. */
  readonly nodes?: N;
  /** Names of the managers; the first node is one in any case, and makes the swarm. Default: docker01 and docker03, as in the seed; of nodes with names of their own the first. */
  readonly managers?: readonly string[];
  /** Subnet of the ingress network, by `docker swarm init --default-addr-pool` (Docker 18.09 and newer). Default: the release's own. */
  readonly ingress?: string;
  /** Whether the nodes have joined when the lab begins. Default true; false leaves `docker swarm init` and `join` to the reader. */
  readonly joined?: boolean;
}

type Padded<N extends number> = `${N}` extends `${infer _Digit}${infer Rest}`
  ? Rest extends ""
    ? `0${N}`
    : `${N}`
  : never;

type Numbered<N extends number, Taken extends string[] = []> = number extends N
  ? string
  : Taken["length"] extends N | 200
    ? Taken[number]
    : Numbered<N, [...Taken, `docker${Padded<[...Taken, string]["length"] & number>}`]>;

/** Names of the nodes, as types. */
export type SwarmNames<N extends SwarmNodes> = N extends readonly string[]
  ? N[number]
  : N extends number
    ? Numbered<N>
    : string;

const MOST_NODES = 200;
/** Addresses begin with .100 (docker01's in the seed); behind .254 they go on in the next /24. */
const IN_FIRST_SUBNET = 155;

/** VirtualBox's NAT: 10.0.2.2 is the gateway, 10.0.2.3 its name server. Of the Internet behind it there is one address, docker.com's, which the seed pings. */
const NAT: MachinePlan = {
  nics: ["eth0"],
  services: ["dns"],
  hidden: true,
  setup: [
    "ip link set lo up",
    "ip link set eth0 up",
    // The first is the one that its name server answers from.
    "ip address add 10.0.2.3/24 brd + dev eth0",
    "ip address add 10.0.2.2/24 brd + dev eth0",
    "ip address add 203.0.113.80/32 dev lo",
  ],
};

/** Machines of VirtualBox: a card each on a NAT of its own (enp0s3), and one on the LAN of the host-only network (enp0s8), where the client is the host itself. */
export function swarmPlan({ nodes = 3, managers, ingress, joined = true }: SwarmOptions): LabPlan {
  const names = nodeNames(nodes);
  const prefix = names.length > IN_FIRST_SUBNET ? 23 : 24;
  const swarm = swarmOf(names, managers ?? (typeof nodes === "number" ? names.slice(2, 3) : []), ingress);
  const machines: [string, MachinePlan][] = names.map((name, i) => [name, node(`${address(i)}/${prefix}`)]);
  const cables: [string, CablePlan][] = names.flatMap((name): [string, CablePlan][] => [
    [`lan-${name}`, { ends: [`${name}:enp0s8`, "lan"] }],
    [`nat-${name}`, { ends: [`${name}:enp0s3`, `nat-${name}:eth0`] }],
  ]);
  return {
    machines: {
      ...Object.fromEntries(machines),
      client: client(prefix),
      ...Object.fromEntries(names.map((name) => [`nat-${name}`, NAT])),
    },
    switches: ["lan"],
    cables: { ...Object.fromEntries(cables), "lan-client": { ends: ["client:vboxnet0", "lan"] } },
    ...(joined ? { swarm } : {}),
  };
}

function nodeNames(nodes: SwarmNodes): readonly string[] {
  if (typeof nodes !== "number") {
    const wrong = nodes.find((name, i) => nodes.indexOf(name) !== i || ["client", "lan"].includes(name));
    if (wrong !== undefined)
      throw new RangeError(`two machines of the preset "swarm" are named ${JSON.stringify(wrong)}`);
  }
  const count = typeof nodes === "number" ? nodes : nodes.length;
  if (!Number.isInteger(count) || count < 1 || count > MOST_NODES)
    throw new RangeError(`the preset "swarm" has 1 to ${MOST_NODES} nodes, not ${count}`);
  return typeof nodes === "number"
    ? Array.from({ length: nodes }, (_, i) => `docker${String(i + 1).padStart(2, "0")}`)
    : nodes;
}

function swarmOf(
  names: readonly string[],
  managers: readonly string[],
  ingress: string | undefined,
): SwarmPlan {
  const stranger = managers.find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new RangeError(`the manager "${stranger}" is no node of the swarm: ${names.join(", ")}`);
  const nodes = names.map((name, i) => {
    const role = i === 0 || managers.includes(name) ? "manager" : "worker";
    return [name, { address: address(i), role }] as const;
  });
  return {
    nodes: Object.fromEntries(nodes),
    ...(ingress === undefined ? {} : { pool: poolOf(ingress) }),
  };
}

function poolOf(ingress: string): NonNullable<SwarmPlan["pool"]> {
  const maskLength = Number(/^[\d.]+\/(\d{1,2})$/.exec(ingress)?.[1] ?? Number.NaN);
  if (Number.isNaN(maskLength))
    throw new RangeError(
      `the ingress network's subnet is like "10.255.0.0/16", not ${JSON.stringify(ingress)}`,
    );
  return { subnet: ingress, maskLength };
}

function address(i: number): string {
  return i < IN_FIRST_SUBNET ? `192.168.56.${100 + i}` : `192.168.57.${i - IN_FIRST_SUBNET + 1}`;
}

function node(lanAddress: string): MachinePlan {
  return {
    nics: ["enp0s3", "enp0s8"],
    docker: true,
    nameserver: "10.0.2.3",
    setup: [
      "ip link set lo up",
      "ip link set enp0s3 up",
      "ip link set enp0s8 up",
      "ip address add 10.0.2.15/24 brd + dev enp0s3",
      `ip address add ${lanAddress} brd + dev enp0s8`,
      "ip route add default via 10.0.2.2 dev enp0s3",
    ],
  };
}

function client(prefix: number): MachinePlan {
  return {
    nics: ["vboxnet0"],
    services: ["http", "dns"],
    setup: [
      "ip link set lo up",
      "ip link set vboxnet0 up",
      `ip address add 192.168.56.1/${prefix} brd + dev vboxnet0`,
    ],
  };
}
