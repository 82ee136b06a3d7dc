import { type Mac, parseMac } from "../base/addresses.js";
import { commandLine } from "../base/command-line.js";
import { Host } from "../host/host.js";
import { Cable } from "../link/cable.js";
import type { Nic } from "../link/nic.js";
import { createLink } from "../stack/config/link.js";
import { MACHINE_PROGRAMS } from "../tools/tool-table.js";
import type { World } from "../trace/world.js";
import { commandWords } from "./check-plan.js";
import { cableEnd, type LabPlan } from "./plan.js";
import type { System } from "./systems.js";

/** A plan's machines and cables, built. */
export interface Hardware {
  /** Machines by name, without the switches. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Machines that nobody logs in to; their cards are ports of one bridge. */
  readonly switches: ReadonlyMap<string, Host>;
  readonly cables: ReadonlyMap<string, Cable>;
}

/** Frames of this size cross a switch (the usual jumbo frame of switches), so that the MTU of an underlay is what its hosts set. */
const SWITCH_MTU = 9000;

/** Builds the hardware of a plan that has been checked, and runs its set-up commands. Throws when one fails. @internal */
export function buildHosts(world: World, plan: LabPlan, system: Partial<System> = {}): Hardware {
  const options = { programs: MACHINE_PROGRAMS, ...system };
  const hosts = new Map(Object.keys(plan.machines).map((name) => [name, new Host(world, name, options)]));
  const switches = new Map((plan.switches ?? []).map((name) => [name, new Host(world, name, options)]));
  const nics = new Map<string, Nic>();
  for (const [name, host] of hosts)
    for (const nic of plan.machines[name]!.nics ?? [])
      nics.set(`${name}:${nic}`, addNic(host, nic, nicMac(world, name, nic)));
  for (const host of switches.values()) {
    mustRun(host, ["ip", "link", "add", "lan", "type", "bridge"]);
    mustRun(host, ["ip", "link", "set", "lan", "mtu", String(SWITCH_MTU), "up"]);
  }
  const cables = new Map<string, Cable>();
  for (const [name, { ends, ...figures }] of Object.entries(plan.cables)) {
    const cable = new Cable(world, name, figures);
    cable.connect(plugOf(ends[0]), plugOf(ends[1]));
    cables.set(name, cable);
  }
  for (const [name, host] of hosts) {
    const { nameserver, files = {} } = plan.machines[name]!;
    if (nameserver !== undefined) host.files.write("/etc/resolv.conf", `nameserver ${nameserver}\n`);
    for (const [path, text] of Object.entries(files)) writeFile(host, path, text);
  }
  for (const [name, host] of hosts)
    for (const command of plan.machines[name]!.setup ?? []) mustRun(host, commandWords(name, command));
  return { hosts, switches, cables };

  function plugOf(end: string): Nic {
    return nics.get(end) ?? addPort(world, switches.get(cableEnd(end).machine)!);
  }
}

/** A switch has a port more, which is in its bridge. */
function addPort(world: World, host: Host): Nic {
  const name = `port${host.rootNetns.devices.size - 1}`;
  const port = addNic(host, name, nicMac(world, host.name, name));
  mustRun(host, ["ip", "link", "set", name, "mtu", String(SWITCH_MTU), "master", "lan", "up"]);
  return port;
}

/** A card is plugged in: the kernel finds it at boot. */
function addNic(host: Host, name: string, mac: Mac): Nic {
  return createLink(host.rootNetns, { kind: "nic", name, mac }) as Nic;
}

function mustRun(host: Host, argv: readonly string[]): void {
  const { status, stdout, stderr } = host.run(argv);
  if (status === 0) return;
  const said = (stderr === "" ? stdout : stderr).trimEnd();
  throw new RangeError(
    `machine "${host.name}": the set-up command "${commandLine(argv)}" ended with status ${status}${said === "" ? "" : `: ${said}`}`,
  );
}

function writeFile({ files }: Host, path: string, text: string): void {
  files.mkdir(path.slice(0, path.lastIndexOf("/")) || "/", { recursive: true });
  files.write(path, text);
}

/** Xen's vendor prefix, which the seeds' enX0 has, or VirtualBox's for its cards (enp0s3, enp0s8); then three bytes from the seed. */
function nicMac(world: World, machine: string, nic: string): number {
  return (
    parseMac(nic.startsWith("enp0s") ? "08:00:27:00:00:00" : "00:16:3e:00:00:00") +
    (world.random.fork(`nic/${machine}/${nic}`).uint32() & 0xffffff)
  );
}
