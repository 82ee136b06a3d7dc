import { broadcastOf, type InterfaceAddress, type Ipv4, prefixMask } from "../../../base/addresses.js";
import type { AssignedAddress, Device } from "../../../link/device.js";
import {
  type AddressSpec,
  addAddress,
  deleteAddress,
  replaceAddress,
} from "../../../stack/config/address.js";
import { netlink, ToolExit } from "../../tool-exit.js";
import { showDevices } from "../listing.js";
import type { IpRun } from "../run.js";
import { readScope, readSelection } from "../select.js";
import { ADDRESS_USAGE } from "../usage.js";
import {
  cannotFind,
  garbage,
  invalidArgument,
  matches,
  readAddress,
  readPrefix,
  unsupported,
  Words,
} from "../words.js";
import { flushSelected } from "./flush.js";

/** `ip address`: show, add, change, replace, del, flush. */
export function ipAddress(run: IpRun, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return showDevices(run, readSelection(run, [], false), false);
  if (matches(verb, "add")) return change(run, rest, addAddress);
  if (verb === "change" || verb === "chg" || matches(verb, "replace"))
    return change(run, rest, replaceAddress);
  if (matches(verb, "delete")) return remove(run, rest);
  if (matches(verb, "show") || verb === "lst" || matches(verb, "list"))
    return showDevices(run, readSelection(run, rest, false), false);
  if (matches(verb, "flush")) return flushSelected(run, rest);
  if (matches(verb, "help")) throw new ToolExit(255, ADDRESS_USAGE);
  if (matches(verb, "save") || matches(verb, "showdump") || matches(verb, "restore"))
    throw unsupported(`command "address ${verb}"`);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "ip address help".\n`);
}

interface Request {
  local: InterfaceAddress | null;
  /** The prefix length was written. */
  lengthGiven: boolean;
  peer: InterfaceAddress | null;
  broadcast: Ipv4 | "+" | null;
  scope: AssignedAddress["scope"] | null;
  label: string | null;
  device: string | null;
}

function read(list: readonly string[]): Request {
  const words = new Words(list);
  const request: Request = {
    local: null,
    lengthGiven: false,
    peer: null,
    broadcast: null,
    scope: null,
    label: null,
    device: null,
  };
  while (!words.done) {
    const word = words.next();
    if (word === "peer" || word === "remote") request.peer = readPrefix(words.next());
    else if (matches(word, "broadcast") || word === "brd") readBroadcast(request, words.next());
    else if (word === "scope") request.scope = readAddressScope(words.next());
    else if (word === "dev") request.device = words.next();
    else if (word === "label") request.label = words.next();
    else if (
      [
        "anycast",
        "metric",
        "valid_lft",
        "preferred_lft",
        "nodad",
        "home",
        "mngtmpaddr",
        "noprefixroute",
        "autojoin",
        "proto",
      ].includes(word)
    ) {
      throw unsupported(`address option "${word}"`);
    } else readLocal(request, word === "local" ? words.next() : word);
  }
  return request;
}

function readLocal(request: Request, word: string): void {
  if (matches(word, "help")) throw new ToolExit(255, ADDRESS_USAGE);
  if (request.local !== null) throw garbage("local", word);
  request.local = readPrefix(word);
  request.lengthGiven = word.includes("/");
}

function readBroadcast(request: Request, word: string): void {
  if (word === "+") request.broadcast = "+";
  else if (word !== "-") request.broadcast = readAddress(word);
}

function readAddressScope(word: string): AssignedAddress["scope"] {
  const scope = readScope(word);
  if (scope === undefined) throw invalidArgument(word, "invalid scope value.");
  if (scope === null || scope === "other") throw unsupported(`scope "${word}"`);
  return scope;
}

function deviceOf(run: IpRun, request: Request): Device {
  if (request.device === null) throw new ToolExit(1, 'Not enough information: "dev" argument is required.\n');
  const device = run.netns.device(request.device);
  if (device === undefined) throw cannotFind(request.device);
  return device;
}

/** The default scope: host for loopback addresses, else global (default_scope in ipaddress.c). */
function defaultScope({ address }: InterfaceAddress): AssignedAddress["scope"] {
  return address >>> 24 === 127 ? "host" : "global";
}

function change(run: IpRun, list: readonly string[], apply: typeof addAddress): number {
  const request = read(list);
  if (request.device !== null && request.local === null) {
    deviceOf(run, request);
    throw new ToolExit(2, "RTNETLINK answers: Operation not supported\n");
  }
  const device = deviceOf(run, request);
  const local = request.local!;
  const at = request.peer === null ? local : { address: request.peer.address, prefix: request.peer.prefix };
  const spec: AddressSpec = {
    address: local.address,
    prefix: at.prefix,
    scope: request.scope ?? defaultScope(local),
    ...(request.broadcast === null
      ? {}
      : { broadcast: request.broadcast === "+" ? broadcastOf(at) : request.broadcast }),
    ...(request.label === null ? {} : { label: request.label }),
    ...(request.peer === null ? {} : { peer: request.peer.address }),
  };
  netlink(() => apply(run.netns, device, spec));
  return 0;
}

const WILDCARD_WARNING = (address: string): string =>
  "Warning: Executing wildcard deletion to stay compatible with old scripts.\n" +
  `         Explicitly specify the prefix length (${address}/32) to avoid this warning.\n` +
  "         This special behaviour is likely to disappear in further releases,\n" +
  "         fix your scripts!\n";

function remove(run: IpRun, list: readonly string[]): number {
  const request = read(list);
  const device = deviceOf(run, request);
  const { local } = request;
  if (local === null) throw new ToolExit(2, "RTNETLINK answers: Cannot assign requested address\n");
  if (request.lengthGiven || request.peer !== null) {
    netlink(() => deleteAddress(run.netns, device, local.address, request.peer?.prefix ?? local.prefix));
    return 0;
  }
  run.process.stderr.write(WILDCARD_WARNING(list.find((word) => readsAs(word, local)) ?? ""));
  netlink(() => deleteAddress(run.netns, device, local.address));
  return 0;
}

function readsAs(word: string, local: InterfaceAddress): boolean {
  try {
    return (readPrefix(word).address & prefixMask(32)) >>> 0 === local.address;
  } catch (error) {
    if (error instanceof ToolExit) return false;
    throw error;
  }
}
