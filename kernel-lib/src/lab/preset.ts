import { type Mac, parseMac } from "../base/addresses.js";
import { Host } from "../host/host.js";
import { Cable } from "../link/cable.js";
import type { Nic } from "../link/nic.js";
import { createLink } from "../stack/config/link.js";
import { MACHINE_PROGRAMS } from "../tools/tool-table.js";
import type { World } from "../trace/world.js";

/** The machines of each preset by name, as types: a wrong name is an error in the cell. */
export interface PresetMachines {
  single: "docker01" | "router" | "client";
  vxlan: "host-a" | "host-b" | "router" | "client";
}

export type PresetName = keyof PresetMachines;

/** A machine of a preset: its cards, the commands that set it up, and whether it runs Docker. */
export interface MachinePlan {
  readonly name: string;
  readonly nics: readonly string[];
  readonly setup: readonly string[];
  readonly docker: boolean;
  /** A switch: a machine that nobody logs in to; its cards are ports of one bridge. */
  readonly hidden?: true;
}

export interface CablePlan {
  readonly name: string;
  readonly from: readonly [machine: string, nic: string];
  readonly to: readonly [machine: string, nic: string];
}

export interface PresetPlan {
  readonly machines: readonly MachinePlan[];
  readonly cables: readonly CablePlan[];
}

function dockerHost(name: string, address: string): MachinePlan {
  return {
    name,
    nics: ["enX0"],
    docker: true,
    setup: [
      "ip link set lo up",
      "ip link set enX0 up",
      `ip address add ${address}/24 brd + dev enX0`,
      "ip route add default via 192.168.56.1 dev enX0",
    ],
  };
}

const ROUTER: MachinePlan = {
  name: "router",
  nics: ["eth0", "eth1"],
  docker: false,
  setup: [
    "ip link set lo up",
    "ip link set eth0 up",
    "ip link set eth1 up",
    "ip address add 192.168.56.1/24 brd + dev eth0",
    "ip address add 203.0.113.1/24 brd + dev eth1",
    // The cloud's metadata service, to which the Docker hosts come by their default route.
    "ip address add 169.254.169.254/32 dev lo",
    "sysctl -q -w net.ipv4.ip_forward=1",
  ],
};

const CLIENT: MachinePlan = {
  name: "client",
  nics: ["eth0"],
  docker: false,
  setup: [
    "ip link set lo up",
    "ip link set eth0 up",
    "ip address add 203.0.113.9/24 brd + dev eth0",
    "ip route add default via 203.0.113.1 dev eth0",
  ],
};

const SWITCH: MachinePlan = {
  name: "switch",
  nics: ["port1", "port2", "port3"],
  docker: false,
  hidden: true,
  setup: [
    "ip link add lan type bridge",
    ...["port1", "port2", "port3"].flatMap((port) => [
      `ip link set ${port} master lan`,
      `ip link set ${port} up`,
    ]),
    "ip link set lan up",
  ],
};

/** Addresses are those of the recordings that the tests compare with. */
export const PRESETS: Readonly<Record<PresetName, PresetPlan>> = {
  single: {
    machines: [dockerHost("docker01", "192.168.56.101"), ROUTER, CLIENT],
    cables: [
      { name: "lan", from: ["docker01", "enX0"], to: ["router", "eth0"] },
      { name: "internet", from: ["router", "eth1"], to: ["client", "eth0"] },
    ],
  },
  vxlan: {
    machines: [
      dockerHost("host-a", "192.168.56.101"),
      dockerHost("host-b", "192.168.56.102"),
      SWITCH,
      ROUTER,
      CLIENT,
    ],
    cables: [
      { name: "lan-a", from: ["host-a", "enX0"], to: ["switch", "port1"] },
      { name: "lan-b", from: ["host-b", "enX0"], to: ["switch", "port2"] },
      { name: "lan-router", from: ["router", "eth0"], to: ["switch", "port3"] },
      { name: "internet", from: ["router", "eth1"], to: ["client", "eth0"] },
    ],
  },
};

/** Builds the hardware of a preset and runs its set-up commands. @internal */
export function buildHosts(
  world: World,
  plan: PresetPlan,
  iptablesRelease = "1.8.9",
): ReadonlyMap<string, Host> {
  const hosts = new Map<string, Host>();
  const nics = new Map<string, Nic>();
  for (const machine of plan.machines) {
    const host = new Host(world, machine.name, { programs: MACHINE_PROGRAMS, iptablesRelease });
    hosts.set(machine.name, host);
    for (const nic of machine.nics)
      nics.set(`${machine.name} ${nic}`, addNic(host, nic, nicMac(world, machine.name, nic)));
  }
  for (const { name, from, to } of plan.cables)
    new Cable(world, name).connect(nics.get(from.join(" "))!, nics.get(to.join(" "))!);
  for (const machine of plan.machines)
    for (const command of machine.setup) setUp(hosts.get(machine.name)!, command);
  return hosts;
}

/** A card is plugged in: the kernel finds it at boot. */
function addNic(host: Host, name: string, mac: Mac): Nic {
  return createLink(host.rootNetns, { kind: "nic", name, mac }) as Nic;
}

function setUp(host: Host, command: string): void {
  const { status, stderr } = host.run(command.split(" "));
  if (status !== 0) throw new Error(`${host.name}: ${command}: ${stderr}`);
}

/** Xen's vendor prefix, which the seeds' enX0 has, then three bytes from the seed. */
function nicMac(world: World, machine: string, nic: string): number {
  return parseMac("00:16:3e:00:00:00") + (world.random.fork(`nic/${machine}/${nic}`).uint32() & 0xffffff);
}
