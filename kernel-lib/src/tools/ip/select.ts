import { contains, type InterfaceAddress } from "../../base/addresses.js";
import type { AssignedAddress, Device } from "../../link/device.js";
import { ToolExit } from "../tool-exit.js";
import { bridgePortOf } from "./link/kinds/bridge-port.js";
import { linkKindNamed } from "./link/kinds/kinds.js";
import { LINK_USAGE } from "./link/usage.js";
import type { IpRun } from "./run.js";
import { ADDRESS_USAGE } from "./usage.js";
import { garbage, invalidArgument, matches, readPrefix, readUnsigned, unsupported, Words } from "./words.js";

/** Which devices and addresses a listing shows (struct link_filter). */
export interface Selection {
  device: Device | null;
  up: boolean;
  scope: AssignedAddress["scope"] | "other" | null;
  label: string | null;
  to: InterfaceAddress | null;
  master: Device | "none" | null;
  kind: string | null;
  secondary: boolean | null;
  /** Only tentative addresses, or only others; only dynamic ones (there are none). */
  tentative: boolean | null;
  dynamic: boolean;
}

/** Scope names of `ip`; numbers are accepted as well. */
export function readScope(word: string): Selection["scope"] | undefined {
  if (word === "global" || word === "link" || word === "host") return word;
  if (word === "all") return null;
  const number = readUnsigned(word, 255);
  if (number === null) return word === "site" || word === "nowhere" ? "other" : undefined;
  return number === 0 ? "global" : number === 253 ? "link" : number === 254 ? "host" : "other";
}

/** Reads the words after `show` or `flush`. Throws the tool's complaints. */
export function readSelection(run: IpRun, list: readonly string[], forLink: boolean): Selection {
  const words = new Words(list);
  const selection: Selection = {
    device: null,
    up: false,
    scope: null,
    label: null,
    to: null,
    master: null,
    kind: null,
    secondary: null,
    tentative: null,
    dynamic: false,
  };
  let name: string | null = null;
  while (!words.done) {
    const word = words.next();
    if (readSelector(run, selection, word, words)) continue;
    if (matches(word, "help") && word !== "dev")
      throw new ToolExit(255, forLink ? LINK_USAGE : ADDRESS_USAGE);
    const dev = word === "dev" ? words.next() : word;
    if (name !== null) throw garbage("dev", dev);
    name = dev;
  }
  if (name !== null) selection.device = deviceOrComplaint(run, name);
  return selection;
}

function deviceOrComplaint(run: IpRun, name: string): Device {
  const device = run.netns.device(name);
  if (device === undefined) throw new ToolExit(1, `Device "${name}" does not exist.\n`);
  return device;
}

function readSelector(run: IpRun, selection: Selection, word: string, words: Words): boolean {
  switch (word) {
    case "to":
      selection.to = readPrefix(words.next());
      return true;
    case "scope":
      selection.scope = scopeOrComplaint(words.next());
      return true;
    case "up":
      selection.up = true;
      return true;
    case "label":
      selection.label = words.next();
      return true;
    case "type":
      selection.kind = words.next();
      return true;
    case "master":
      selection.master = masterOrComplaint(run, words.next());
      return true;
    case "nomaster":
      selection.master = "none";
      return true;
    case "group":
    case "vrf":
    case "proto":
      throw unsupported(`selector "${word}"`);
    default:
      return readFlagSelector(selection, word);
  }
}

function readFlagSelector(selection: Selection, word: string): boolean {
  if (word === "secondary" || word === "temporary") selection.secondary = true;
  else if (word === "primary") selection.secondary = false;
  else if (word === "tentative") selection.tentative = true;
  else if (word === "-tentative") selection.tentative = false;
  else if (word === "dynamic") selection.dynamic = true;
  else return word === "permanent";
  return true;
}

function scopeOrComplaint(word: string): Selection["scope"] {
  const scope = readScope(word);
  if (scope === undefined) throw invalidArgument(word, 'invalid "scope"\n');
  return scope;
}

function masterOrComplaint(run: IpRun, word: string): Device {
  const device = run.netns.device(word);
  if (device === undefined) throw invalidArgument(word, "Device does not exist\n");
  return device;
}

/** Whether a device is among those that the listing is about. */
export function selectsDevice(selection: Selection, device: Device): boolean {
  if (selection.device !== null && selection.device !== device) return false;
  if (selection.up && !device.up) return false;
  if (selection.master === "none" && device.master !== null) return false;
  if (selection.master !== null && selection.master !== "none" && device.master !== selection.master)
    return false;
  return selection.kind === null || isOfKind(device, selection.kind);
}

function isOfKind(device: Device, kind: string): boolean {
  if (kind === "bridge_slave") return bridgePortOf(device) !== null;
  return linkKindNamed(kind)?.device === device.kind;
}

/** An address of either family, as listings select and print it. */
export interface ShownAddress {
  readonly family: "inet" | "inet6";
  readonly scope: AssignedAddress["scope"];
  readonly label: string;
  readonly secondary: boolean;
  readonly tentative: boolean;
  /** Set for IPv4. */
  readonly assigned: AssignedAddress | null;
  /** `fe80::42:10ff:fe1e:c868/64` or `172.17.0.1/16`. */
  readonly text: string;
}

export function selectsAddress(selection: Selection, address: ShownAddress, family: string | null): boolean {
  if (family !== null && family !== address.family) return false;
  if (selection.scope !== null && selection.scope !== address.scope) return false;
  if (selection.secondary !== null && selection.secondary !== address.secondary) return false;
  if (selection.tentative !== null && selection.tentative !== address.tentative) return false;
  if (selection.dynamic) return false;
  if (selection.label !== null && !globMatches(selection.label, address.label)) return false;
  if (selection.to === null) return true;
  return (
    address.assigned !== null &&
    address.assigned.prefix >= selection.to.prefix &&
    contains(selection.to, address.assigned.address)
  );
}

/** fnmatch with `*` and `?`. */
function globMatches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
