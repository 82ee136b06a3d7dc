import { Bridge } from "../../link/bridge.js";
import type { Device } from "../../link/device.js";
import { bridgePortOf } from "../ip/link/kinds/bridge-port.js";
import { cannotFind, garbage, matches, readUnsigned, unsupported, Words } from "../ip/words.js";
import { ToolExit } from "../tool-exit.js";
import type { BridgeRun } from "./bridge.js";
import { BRIDGE_VLAN_USAGE } from "./usage.js";

/** The VLAN that every port and bridge has from the start. */
const DEFAULT_VLAN = 1;
const MAX_VLAN = 4095;

/** `bridge vlan`: only the VLAN that each port has from the start is listed; there are no others, and changes are refused. */
export function bridgeVlan(run: BridgeRun, words: readonly string[]): number {
  const [verb = "show", ...rest] = words;
  if (matches(verb, "add") || matches(verb, "delete")) return modify(run, verb, rest);
  if (matches(verb, "show") || verb === "lst" || matches(verb, "list")) return show(run, rest);
  for (const known of ["set", "tunnelshow", "global"])
    if (matches(verb, known)) throw unsupported(`command "vlan ${known}"`, "bridge");
  if (matches(verb, "help")) throw new ToolExit(255, BRIDGE_VLAN_USAGE);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "bridge vlan help".\n`);
}

function find(run: BridgeRun, name: string): Device {
  const device = run.netns.device(name);
  if (device === undefined) throw cannotFind(name, 255);
  return device;
}

/** Whether the device is in the default VLAN: not where its bridge has none. */
function inDefaultVlan(device: Device): boolean {
  const bridge = device instanceof Bridge ? device : bridgePortOf(device)?.bridge;
  return bridge !== undefined && bridge.defaultPvid !== 0;
}

/** Ports and bridges, which are what has VLANs. */
function hasVlans(device: Device): boolean {
  return device.kind === "bridge" || bridgePortOf(device) !== null;
}

function show(run: BridgeRun, list: readonly string[]): number {
  const words = new Words(list);
  let name: string | null = null;
  let only: number | null = null;
  while (!words.done) {
    const word = words.next();
    if (word === "dev") {
      const given = words.next();
      if (name !== null) throw garbage("dev", given);
      name = given;
    } else if (word === "vid") only = readUnsigned(words.next());
  }
  const device = name === null ? null : find(run, name);
  run.write("port              vlan-id  \n");
  if (only !== null && only !== DEFAULT_VLAN) return 0;
  for (const candidate of [...run.netns.devices.values()].sort((a, b) => a.ifindex - b.ifindex))
    if (inDefaultVlan(candidate) && (device === null || device === candidate))
      run.write(`${candidate.name.padEnd(16)}  ${DEFAULT_VLAN} PVID Egress Untagged\n`);
  return 0;
}

function modify(run: BridgeRun, verb: string, list: readonly string[]): number {
  const words = new Words(list);
  let name: string | null = null;
  let vlan: string | null = null;
  while (!words.done) {
    const word = words.next();
    if (word === "dev") name = words.next();
    else if (word === "vid") vlan = words.next();
    else if (matches(word, "help")) throw new ToolExit(255, BRIDGE_VLAN_USAGE);
  }
  if (name === null || vlan === null) throw new ToolExit(255, "Device and VLAN ID are required arguments.\n");
  const device = find(run, name);
  if (Number.parseInt(vlan, 10) > MAX_VLAN) throw new ToolExit(255, `Invalid VLAN ID "${vlan}"\n`);
  if (!hasVlans(device)) throw new ToolExit(255, "RTNETLINK answers: Operation not supported\n");
  throw unsupported(`command "vlan ${matches(verb, "add") ? "add" : "delete"}"`, "bridge");
}
