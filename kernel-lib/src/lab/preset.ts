import { CHAT_FILES } from "../apps/chat/files.js";
import { type HostCables, type HostNames, hostMark } from "./host-names.js";
import type { CablePlan, LabPlan, MachinePlan } from "./plan.js";
import { type SwarmNames, type SwarmNodes, type SwarmOptions, swarmPlan } from "./swarm-preset.js";

/** What lies between the Docker hosts: one switch (one LAN), or the router (a subnet each). */
export type Underlay = "switched" | "routed";

/** The options of the preset `vxlan` beside those of every lab. */
export interface VxlanOptions<N extends number = number, U extends Underlay = Underlay> {
  /** Number of Docker hosts, 2 to 200: host-a … host-z, host-27 … Default 2. */
  readonly hosts?: N;
  /** Default "switched". "routed": each Docker host is on a subnet of its own, and the router carries what they send to each other. */
  readonly underlay?: U;
}

/** Options that some presets have and others have not. */
export interface PresetOptions extends VxlanOptions, SwarmOptions {}

/** The machines of each preset by name, as types: a wrong name is an error in the cell. */
export interface PresetMachines<N extends number = 2, S extends SwarmNodes = 3> {
  single: "docker01" | "router" | "client";
  vxlan: HostNames<N> | "router" | "client";
  swarm: SwarmNames<S> | "client";
}

/** The cables of each preset by name. */
export interface PresetCables<
  N extends number = 2,
  U extends Underlay = "switched",
  S extends SwarmNodes = 3,
> {
  single: "lan" | "internet";
  vxlan: HostCables<N> | "internet" | ("switched" extends U ? "lan-router" : never);
  swarm: `lan-${SwarmNames<S>}` | `nat-${SwarmNames<S>}` | "lan-client";
}

export type PresetName = keyof PresetMachines;

interface Preset {
  /** The options that it takes. */
  readonly options: readonly (keyof PresetOptions)[];
  /** Throws a RangeError for an option's value that it cannot have. */
  readonly plan: (options: PresetOptions) => LabPlan;
}

/** Addresses are those of the recordings that the tests compare with. */
const PRESETS: Readonly<Record<PresetName, Preset>> = {
  single: { options: [], plan: singlePlan },
  vxlan: { options: ["hosts", "underlay"], plan: vxlanPlan },
  swarm: { options: ["nodes", "managers", "ingress", "joined"], plan: swarmPlan },
};

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** Most Docker hosts in a lab: each has a /24 of 192.168.56.0 to 192.168.255.0 behind a router. */
export const MOST_HOSTS = 200;

/** What a preset is made of. Throws a RangeError in the words of who asked, for an unknown preset or an option that does not fit it. */
export function presetPlan(name: string, options: PresetOptions = {}): LabPlan {
  if (!Object.hasOwn(PRESETS, name))
    throw new RangeError(`no preset "${name}"; there are: ${PRESET_NAMES.join(", ")}`);
  const preset = PRESETS[name as PresetName];
  for (const [option, value] of Object.entries(options))
    if (value !== undefined && !(preset.options as readonly string[]).includes(option))
      throw new RangeError(
        `the preset "${name}" has no option "${option}"; ${
          PRESET_NAMES.filter((other) => (PRESETS[other].options as readonly string[]).includes(option))
            .map((other) => `"${other}" has`)
            .join(", ") || "no preset has"
        }`,
      );
  return preset.plan(options);
}

function singlePlan(): LabPlan {
  return {
    machines: {
      docker01: dockerHost("192.168.56.101/24", "192.168.56.1"),
      router: router(["192.168.56.1/24", "203.0.113.1/24"]),
      client: CLIENT,
    },
    cables: {
      lan: { ends: ["docker01:enX0", "router:eth0"] },
      internet: { ends: ["router:eth1", "client:eth0"] },
    },
  };
}

function vxlanPlan({ hosts = 2, underlay = "switched" }: PresetOptions): LabPlan {
  if (!Number.isInteger(hosts) || hosts < 2 || hosts > MOST_HOSTS)
    throw new RangeError(`the preset "vxlan" has 2 to ${MOST_HOSTS} hosts, not ${hosts}`);
  if (underlay !== "switched" && underlay !== "routed")
    throw new RangeError(`the underlay is "switched" or "routed", not ${JSON.stringify(underlay)}`);
  const marks = Array.from({ length: hosts }, (_, i) => hostMark(i));
  return underlay === "switched" ? switchedPlan(marks) : routedPlan(marks);
}

/** All hosts on one LAN. From the 155th on its prefix is /23, and addresses go on at 192.168.57.1. */
function switchedPlan(marks: readonly string[]): LabPlan {
  const prefix = marks.length > 154 ? 23 : 24;
  const address = (i: number) => (i < 154 ? `192.168.56.${101 + i}` : `192.168.57.${i - 153}`);
  const machines: [string, MachinePlan][] = marks.map((mark, i) => [
    `host-${mark}`,
    chatHost(`${address(i)}/${prefix}`, "192.168.56.1"),
  ]);
  const cables: [string, CablePlan][] = marks.map((mark) => [
    `lan-${mark}`,
    { ends: [`host-${mark}:enX0`, "switch"] },
  ]);
  return {
    machines: {
      ...Object.fromEntries(machines),
      router: router([`192.168.56.1/${prefix}`, "203.0.113.1/24"]),
      client: CLIENT,
    },
    switches: ["switch"],
    cables: {
      ...Object.fromEntries(cables),
      "lan-router": { ends: ["router:eth0", "switch"] },
      internet: { ends: ["router:eth1", "client:eth0"] },
    },
  };
}

/** Each host is .101 of a subnet of its own: 192.168.56.0/24, 192.168.57.0/24 and so on. The router's last card leads outside. */
function routedPlan(marks: readonly string[]): LabPlan {
  const machines: [string, MachinePlan][] = marks.map((mark, i) => [
    `host-${mark}`,
    chatHost(`192.168.${56 + i}.101/24`, `192.168.${56 + i}.1`),
  ]);
  const cables: [string, CablePlan][] = marks.map((mark, i) => [
    `lan-${mark}`,
    { ends: [`host-${mark}:enX0`, `router:eth${i}`] },
  ]);
  return {
    machines: {
      ...Object.fromEntries(machines),
      router: router([...marks.map((_, i) => `192.168.${56 + i}.1/24`), "203.0.113.1/24"]),
      client: CLIENT,
    },
    cables: {
      ...Object.fromEntries(cables),
      internet: { ends: [`router:eth${marks.length}`, "client:eth0"] },
    },
  };
}

/** A Docker host with the chat application in its home folder, ready for `docker build -t chat-app .` */
function chatHost(address: string, gateway: string): MachinePlan {
  const files = Object.entries(CHAT_FILES).map(([name, text]) => [`/root/${name}`, text]);
  return { ...dockerHost(address, gateway), files: Object.fromEntries(files) };
}

function dockerHost(address: string, gateway: string): MachinePlan {
  return {
    nics: ["enX0"],
    docker: true,
    setup: [
      "ip link set lo up",
      "ip link set enX0 up",
      `ip address add ${address} brd + dev enX0`,
      `ip route add default via ${gateway} dev enX0`,
    ],
  };
}

/** A router with one card for each address: eth0, eth1 and so on. */
function router(addresses: readonly string[]): MachinePlan {
  const nics = addresses.map((_, i) => `eth${i}`);
  return {
    nics,
    services: ["metadata", "dns"],
    setup: [
      "ip link set lo up",
      ...nics.map((nic) => `ip link set ${nic} up`),
      ...addresses.map((address, i) => `ip address add ${address} brd + dev eth${i}`),
      // The cloud's metadata service, to which the Docker hosts come by their default route.
      "ip address add 169.254.169.254/32 dev lo",
      "sysctl -q -w net.ipv4.ip_forward=1",
    ],
  };
}

const CLIENT: MachinePlan = {
  nics: ["eth0"],
  services: ["http"],
  setup: [
    "ip link set lo up",
    "ip link set eth0 up",
    "ip address add 203.0.113.9/24 brd + dev eth0",
    "ip route add default via 203.0.113.1 dev eth0",
  ],
};
