import { KernelError } from "../../base/errno.js";
import type { BridgePort } from "../../link/bridge-port.js";
import type { Device } from "../../link/device.js";
import { printFlags } from "../ip/link/flags.js";
import { bridgePortOf, PORT_SWITCHES } from "../ip/link/kinds/bridge-port.js";
import { cannotFind, garbage, matches, readOnOff, readUnsigned, unsupported, Words } from "../ip/words.js";
import { netlink, ToolExit } from "../tool-exit.js";
import type { BridgeRun } from "./bridge.js";
import { BRIDGE_LINK_USAGE } from "./usage.js";

/** `bridge link`: show, set. */
export function bridgeLink(run: BridgeRun, words: readonly string[]): number {
  const [verb = "show", ...rest] = words;
  if (matches(verb, "set") || matches(verb, "change")) return set(run, rest);
  if (matches(verb, "show") || verb === "lst" || matches(verb, "list")) return show(run, rest);
  if (matches(verb, "help")) throw new ToolExit(255, BRIDGE_LINK_USAGE);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "bridge link help".\n`);
}

function find(run: BridgeRun, name: string): Device {
  const device = run.netns.device(name);
  if (device === undefined) throw cannotFind(name, 255);
  return device;
}

/** Of `set`, which has its own words for it. */
function findToSet(run: BridgeRun, name: string): Device {
  const device = run.netns.device(name);
  if (device === undefined) throw new ToolExit(255, `Cannot find bridge device "${name}"\n`);
  return device;
}

function show(run: BridgeRun, list: readonly string[]): number {
  const words = new Words(list);
  let only: string | null = null;
  while (!words.done) {
    if (words.next() !== "dev") continue;
    const name = words.next();
    if (only !== null) throw garbage("dev", name);
    only = name;
  }
  const device = only === null ? null : find(run, only);
  for (const candidate of [...run.netns.devices.values()].sort((a, b) => a.ifindex - b.ifindex)) {
    const port = bridgePortOf(candidate);
    if (port !== null && (device === null || candidate === device)) run.write(printPort(run, port));
  }
  return 0;
}

/** The name with that of the other end. This tool looks up the other end's number in its own namespace, wherever that end is. */
function shownName(run: BridgeRun, device: Device): string {
  const other = device.link;
  if (other === null) return device.name;
  const here = run.netns.deviceByIndex(other.ifindex);
  return `${device.name}@${here === undefined ? `if${other.ifindex}` : here.name}`;
}

const onOff = (value: boolean): string => (value ? "on" : "off");

function printPort(run: BridgeRun, port: BridgePort): string {
  const { device } = port;
  const line =
    `${device.ifindex}: ${shownName(run, device)}: ${printFlags(device)} mtu ${device.mtu} master ${port.bridge.name} ` +
    `state ${port.state} priority ${port.priority} cost ${port.pathCost} \n`;
  if (!run.details) return line;
  return (
    `${line}    hairpin ${onOff(port.hairpin)} guard off root_block off fastleave off learning ${onOff(port.learning)} flood ${onOff(port.flood)} ` +
    `mcast_flood ${onOff(port.multicastFlood)} bcast_flood ${onOff(port.broadcastFlood)} mcast_router 1 mcast_to_unicast off neigh_suppress off ` +
    `vlan_tunnel off isolated ${onOff(port.isolated)} locked off \n`
  );
}

function set(run: BridgeRun, list: readonly string[]): number {
  const words = new Words(list);
  const changes: ((port: BridgePort) => void)[] = [];
  let name: string | null = null;
  while (!words.done) {
    const word = words.next();
    const key = PORT_SWITCHES[word];
    if (word === "dev") name = words.next();
    else if (key !== undefined) {
      const value = readOnOff(words, word);
      changes.push((port) => {
        port[key] = value;
      });
    } else if (word === "cost" || word === "priority") changes.push(numberChange(word, words.next()));
    else if (word !== "master") throw refused(word);
  }
  if (name === null) throw new ToolExit(255, "Device is a required argument.\n");
  const port = bridgePortOf(findToSet(run, name));
  netlink(() => {
    if (port === null) throw new KernelError("EOPNOTSUPP");
    for (const change of changes) change(port);
  }, 255);
  return 0;
}

function numberChange(word: "cost" | "priority", text: string): (port: BridgePort) => void {
  const value = readUnsigned(text, 65535) ?? 0;
  return (port) => {
    if (word === "cost") port.pathCost = value;
    else port.priority = value;
  };
}

function refused(word: string): ToolExit {
  const known = new RegExp(`[[ ]${word} `).test(BRIDGE_LINK_USAGE);
  return known ? unsupported(`port setting "${word}"`, "bridge") : new ToolExit(255, BRIDGE_LINK_USAGE);
}
