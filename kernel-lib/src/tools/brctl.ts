import { formatMac } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import { seconds } from "../base/units.js";
import type { Process, Program } from "../host/process.js";
import type { Bridge } from "../link/bridge.js";
import type { BridgePort } from "../link/bridge-port.js";
import type { Device } from "../link/device.js";
import { createLink, deleteLink, setLink } from "../stack/config/link.js";
import { printBridgeStp } from "./brctl-stp.js";
import { bridgePortOf } from "./ip/link/kinds/bridge-port.js";
import { errnoText, ToolExit, tool } from "./tool-exit.js";

interface Command {
  /** Least and greatest number of arguments. */
  readonly arguments: readonly [number, number];
  readonly usage: string;
  readonly run: (process: Process, words: readonly string[]) => number;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  addbr: { arguments: [1, 1], usage: "<bridge>\t\tadd bridge", run: addBridge },
  delbr: { arguments: [1, 1], usage: "<bridge>\t\tdelete bridge", run: deleteBridge },
  addif: {
    arguments: [2, Infinity],
    usage: "<bridge> <device>\tadd interface to bridge",
    run: addInterfaces,
  },
  delif: {
    arguments: [2, Infinity],
    usage: "<bridge> <device>\tdelete interface from bridge",
    run: deleteInterfaces,
  },
  hairpin: { arguments: [3, 3], usage: "<bridge> <port> {on|off}\tturn hairpin on/off", run: hairpin },
  setageing: { arguments: [2, 2], usage: "<bridge> <time>\t\tset ageing time", run: setAgeing },
  setbridgeprio: { arguments: [2, 2], usage: "<bridge> <prio>\t\tset bridge priority", run: refuse },
  setfd: { arguments: [2, 2], usage: "<bridge> <time>\t\tset bridge forward delay", run: setForwardDelay },
  sethello: { arguments: [2, 2], usage: "<bridge> <time>\t\tset hello time", run: refuse },
  setmaxage: { arguments: [2, 2], usage: "<bridge> <time>\t\tset max message age", run: refuse },
  setpathcost: { arguments: [3, 3], usage: "<bridge> <port> <cost>\tset path cost", run: setPathCost },
  setportprio: {
    arguments: [3, 3],
    usage: "<bridge> <port> <prio>\tset port priority",
    run: setPortPriority,
  },
  show: { arguments: [0, Infinity], usage: "[ <bridge> ]\t\tshow a list of bridges", run: show },
  showmacs: { arguments: [1, 1], usage: "<bridge>\t\tshow a list of mac addrs", run: showMacs },
  showstp: { arguments: [1, 1], usage: "<bridge>\t\tshow bridge stp info", run: showStp },
  stp: { arguments: [2, 2], usage: "<bridge> {on|off}\tturn stp on/off", run: stp },
};

/** `brctl` of bridge-utils 1.7. Spanning tree stays off: commands that would change it are refused. */
export const brctl: Program = tool((process) => {
  const [, name, ...words] = process.argv;
  if (name === "-V" || name === "--version") throw new ToolExit(0, "", "bridge-utils, 1.7\n");
  if (name === undefined || name === "-h" || name === "--help") throw new ToolExit(1, "", usage());
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new ToolExit(1, `never heard of command [${name}]\n`, usage());
  const [least, most] = command.arguments;
  if (words.length < least || words.length > most) {
    throw new ToolExit(
      1,
      "",
      `Incorrect number of arguments for command\nUsage: brctl ${name} ${command.usage}\n`,
    );
  }
  return command.run(process, words);
});

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, command]) => `\t${name.padEnd(10)}\t${command.usage}\n`);
  return `Usage: brctl [commands]\ncommands:\n${lines.join("")}`;
}

function refuse(process: Process): never {
  throw new ToolExit(1, `brctl: ${process.argv[1]} is not supported here\n`);
}

function bridgeNamed(process: Process, name: string): Bridge | null {
  const device = process.netns.device(name);
  return device?.kind === "bridge" ? (device as Bridge) : null;
}

/** The bridge, or the kernel's answer to an ioctl on a name that is none. */
function bridgeOr(process: Process, name: string, complaint: (reason: string) => string): Bridge {
  const found = bridgeNamed(process, name);
  if (found !== null) return found;
  const reason = process.netns.device(name) === undefined ? "No such device" : "Operation not supported";
  throw new ToolExit(1, `${complaint(reason)}\n`);
}

function addBridge(process: Process, [name = ""]: readonly string[]): number {
  // The ioctl takes 15 characters; the tool cuts what is longer.
  try {
    createLink(process.netns, { kind: "bridge", name: name.slice(0, 15) });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.errno === "EEXIST") {
      throw new ToolExit(1, `device ${name} already exists; can't create bridge with the same name\n`);
    }
    throw new ToolExit(1, `add bridge failed: ${errnoText(error)}\n`);
  }
  return 0;
}

function deleteBridge(process: Process, [name = ""]: readonly string[]): number {
  const device = process.netns.device(name);
  if (device === undefined) throw new ToolExit(1, `bridge ${name} doesn't exist; can't delete it\n`);
  if (device.kind !== "bridge")
    throw new ToolExit(1, `can't delete bridge ${name}: Operation not permitted\n`);
  if (device.up) throw new ToolExit(1, `bridge ${name} is still up; can't delete it\n`);
  deleteLink(process.netns, device);
  return 0;
}

/** addif and delif look for the interface before the bridge (if_nametoindex). */
function interfaceNamed(process: Process, name: string): Device {
  const device = process.netns.device(name);
  if (device === undefined) throw new ToolExit(1, `interface ${name} does not exist!\n`);
  return device;
}

function addInterfaces(process: Process, [bridgeName = "", ...names]: readonly string[]): number {
  for (const name of names) {
    const device = interfaceNamed(process, name);
    const bridge = bridgeNamed(process, bridgeName);
    if (bridge === null) {
      const exists = process.netns.device(bridgeName) !== undefined;
      throw new ToolExit(
        1,
        exists
          ? `can't add ${name} to bridge ${bridgeName}: Operation not supported\n`
          : `bridge ${bridgeName} does not exist!\n`,
      );
    }
    if (device.kind === "bridge") {
      throw new ToolExit(
        1,
        `device ${name} is a bridge device itself; can't add a bridge device to a bridge device.\n`,
      );
    }
    if (device.master !== null) {
      throw new ToolExit(
        1,
        `device ${name} is already a member of a bridge; can't add it to bridge ${bridgeName}.\n`,
      );
    }
    try {
      setLink(process.netns, device, { master: bridge });
    } catch (error) {
      throw new ToolExit(1, `can't add ${name} to bridge ${bridgeName}: ${errnoText(error)}\n`);
    }
  }
  return 0;
}

function deleteInterfaces(process: Process, [bridgeName = "", ...names]: readonly string[]): number {
  for (const name of names) {
    const device = interfaceNamed(process, name);
    const bridge = bridgeNamed(process, bridgeName);
    if (bridge === null && process.netns.device(bridgeName) === undefined)
      throw new ToolExit(1, `bridge ${bridgeName} does not exist!\n`);
    if (bridge === null || device.master !== bridge)
      throw new ToolExit(1, `device ${name} is not a port of ${bridgeName}\n`);
    setLink(process.netns, device, { master: null });
  }
  return 0;
}

function portOr(
  process: Process,
  bridgeName: string,
  portName: string,
  complaint: (reason: string) => string,
): BridgePort {
  const bridge = bridgeOr(process, bridgeName, complaint);
  const device = process.netns.device(portName);
  const port = device === undefined ? null : bridgePortOf(device);
  if (port === null || port.bridge !== bridge)
    throw new ToolExit(1, `${complaint("No such file or directory")}\n`);
  return port;
}

function readSwitch(word: string): boolean {
  if (["on", "yes", "1"].includes(word)) return true;
  if (["off", "no", "0"].includes(word)) return false;
  throw new ToolExit(1, "expect on/off for argument\n");
}

function hairpin(process: Process, [bridgeName = "", portName = "", word = ""]: readonly string[]): number {
  const value = readSwitch(word);
  const port = portOr(
    process,
    bridgeName,
    portName,
    (reason) => `can't set ${portName} to hairpin on bridge ${bridgeName}: ${reason}`,
  );
  port.hairpin = value;
  return 0;
}

function readTime(word: string, what: string): number {
  const value = Number(word);
  if (word === "" || !Number.isFinite(value) || value < 0) throw new ToolExit(1, `bad ${what} value\n`);
  return value;
}

function setAgeing(process: Process, [name = "", word = ""]: readonly string[]): number {
  const time = readTime(word, "ageing time");
  bridgeOr(process, name, (reason) => `set ageing time failed: ${reason}`).ageingTime = seconds(time);
  return 0;
}

/** The forward delay matters to spanning tree only: its default is accepted, another one refused. */
function setForwardDelay(process: Process, [name = "", word = ""]: readonly string[]): number {
  const time = readTime(word, "forward delay");
  bridgeOr(process, name, (reason) => `set forward delay failed: ${reason}`);
  return time === 15 ? 0 : refuse(process);
}

function setPathCost(
  process: Process,
  [bridgeName = "", portName = "", word = ""]: readonly string[],
): number {
  if (!/^\d+$/.test(word)) throw new ToolExit(1, "bad path cost value\n");
  portOr(process, bridgeName, portName, (reason) => `set path cost failed: ${reason}`).pathCost =
    Number(word);
  return 0;
}

function setPortPriority(
  process: Process,
  [bridgeName = "", portName = "", word = ""]: readonly string[],
): number {
  if (!/^\d+$/.test(word)) throw new ToolExit(1, "bad path priority value\n");
  portOr(process, bridgeName, portName, (reason) => `set port priority failed: ${reason}`).priority =
    Number(word);
  return 0;
}

function stp(process: Process, [name = "", word = ""]: readonly string[]): number {
  const on = readSwitch(word);
  bridgeOr(process, name, (reason) => `set stp status failed: ${reason}`);
  return on ? refuse(process) : 0;
}

function show(process: Process, words: readonly string[]): number {
  const names = words.length > 0 ? words : bridgeNames(process);
  process.stdout.write(
    words.length === 0 || someExists(process, words)
      ? "bridge name\tbridge id\t\tSTP enabled\tinterfaces\n"
      : "",
  );
  for (const name of names) {
    const device = process.netns.device(name);
    if (device === undefined) throw new ToolExit(1, `bridge ${name} does not exist!\n`);
    if (device.kind !== "bridge") throw new ToolExit(1, `device ${name} is not a bridge!\n`);
    process.stdout.write(printBridge(device as Bridge));
  }
  return 0;
}

/** The heading comes with the first bridge that is one. */
function someExists(process: Process, words: readonly string[]): boolean {
  return words[0] !== undefined && bridgeNamed(process, words[0]) !== null;
}

/** In the order of names, as scandir sorts /sys/class/net. */
function bridgeNames(process: Process): readonly string[] {
  const names: string[] = [];
  for (const device of process.netns.devices.values()) if (device.kind === "bridge") names.push(device.name);
  return names.sort();
}

function printBridge(bridge: Bridge): string {
  const ports = bridge.ports.map((port) => port.device.name).sort();
  const [first = "", ...others] = ports;
  return `${bridge.name}\t\t${bridge.id}\t${bridge.stp ? "yes" : "no"}\t\t${first}\n${others.map((name) => `\t\t\t\t\t\t\t${name}\n`).join("")}`;
}

/** Sorted by MAC address. Entries of the bridge itself are left out, as __get_fdb_entries leaves them out. */
function showMacs(process: Process, [name = ""]: readonly string[]): number {
  const bridge = bridgeOr(process, name, (reason) => `read of forward table failed: ${reason}`);
  const { now } = process.host.world.scheduler;
  process.stdout.write("port no\tmac addr\t\tis local?\tageing timer\n");
  const entries = bridge.listFdb().filter((entry) => entry.port !== null);
  for (const entry of [...entries].sort((a, b) => a.mac - b.mac)) {
    const age = entry.local || entry.static ? 0 : (now - entry.updatedAt) / 1e9;
    const number = `${entry.port?.number}`.padStart(3);
    process.stdout.write(
      `${number}\t${formatMac(entry.mac)}\t${entry.local ? "yes" : "no"}\t\t${age.toFixed(2).padStart(7)}\n`,
    );
  }
  return 0;
}

function showStp(process: Process, [name = ""]: readonly string[]): number {
  const bridge = bridgeNamed(process, name);
  if (bridge === null) {
    const exists = process.netns.device(name) !== undefined;
    throw new ToolExit(
      1,
      exists ? `${name}: can't get info Operation not supported\n` : `bridge ${name} does not exist!\n`,
    );
  }
  process.stdout.write(printBridgeStp(bridge, process.host.world.scheduler.now));
  return 0;
}
