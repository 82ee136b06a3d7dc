import type { Device } from "../../../link/device.js";
import { createLink, deleteLink, setLink } from "../../../stack/config/link.js";
import { netlink, ToolExit } from "../../tool-exit.js";
import { showDevices } from "../listing.js";
import { netlinkPeerNamespace } from "../netns.js";
import type { IpRun } from "../run.js";
import { readSelection } from "../select.js";
import { findDevice, matches, unsupported, Words } from "../words.js";
import { changeBridgePort } from "./kinds/bridge-port.js";
import type { CommonLink } from "./kinds/kind.js";
import { linkKindNamed, linkKindOf } from "./kinds/kinds.js";
import { type ParsedLink, parseLinkOptions } from "./parse-options.js";
import { LINK_USAGE } from "./usage.js";

/** `ip link`: show, add, set, change, delete. */
export function ipLink(run: IpRun, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return showDevices(run, readSelection(run, [], true), true);
  if (matches(verb, "add")) return add(run, new Words(rest));
  if (matches(verb, "set") || matches(verb, "change")) return set(run, new Words(rest));
  if (matches(verb, "replace")) throw unsupported('command "link replace"');
  if (matches(verb, "delete")) return remove(run, new Words(rest));
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list"))
    return showDevices(run, readSelection(run, rest, true), true);
  if (matches(verb, "xstats") || matches(verb, "afstats") || matches(verb, "property"))
    throw unsupported(`command "link ${verb}"`);
  if (matches(verb, "help")) throw new ToolExit(255, LINK_USAGE);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "ip link help".\n`);
}

function add(run: IpRun, words: Words): number {
  const parsed = parseLinkOptions(words, run);
  if (parsed.type === undefined)
    throw new ToolExit(1, 'Not enough information: "type" argument is required\n');
  const kind = linkKindNamed(parsed.type);
  if (kind?.parse === undefined) throw unknownKind(parsed.type, words);
  const { spec, finish } = kind.parse(commonOf(parsed, kind.namePattern), words, run);
  const target = parsed.netns === undefined ? run.netns : netlinkPeerNamespace(run, parsed.netns);
  const device = netlink(() => createLink(target, spec));
  finish?.(device);
  const { mac: _mac, mtu: _mtu, txQueueLength: _length, name: _name, ...rest } = parsed.change;
  if (Object.keys(rest).length > 0) netlink(() => setLink(target, device, rest));
  return 0;
}

function commonOf(parsed: ParsedLink, pattern: string): CommonLink {
  const { mac, mtu, txQueueLength } = parsed.change;
  return {
    name: parsed.name ?? parsed.dev ?? `${pattern}%d`,
    ...(mac === undefined ? {} : { mac }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(txQueueLength === undefined ? {} : { txQueueLength }),
    ...(parsed.index === undefined ? {} : { index: parsed.index }),
  };
}

/** Kinds of links that a Linux kernel may have, from the tool's usage text: these are refused, others the kernel does not know. */
function unknownKind(type: string, words: Words): ToolExit {
  if (
    /^[a-z0-9_]+$/.test(type) &&
    new RegExp(`\\b${type}\\b`).test(LINK_USAGE.slice(LINK_USAGE.indexOf("TYPE := {")))
  ) {
    return unsupported(`link type "${type}"`);
  }
  if (!words.done)
    return new ToolExit(1, `Garbage instead of arguments "${words.next()} ...". Try "ip link help".\n`);
  return new ToolExit(2, "Error: Unknown device type.\n");
}

function deviceNamed(run: IpRun, parsed: ParsedLink): Device {
  if (parsed.dev === undefined)
    throw new ToolExit(255, 'Not enough information: "dev" argument is required.\n');
  return findDevice(run.netns, parsed.dev);
}

function set(run: IpRun, words: Words): number {
  const parsed = parseLinkOptions(words, run);
  const device = deviceNamed(run, parsed);
  if (parsed.type !== undefined) changeKind(run, device, parsed.type, words);
  const netns = parsed.netns === undefined ? undefined : netlinkPeerNamespace(run, parsed.netns);
  const change = {
    ...parsed.change,
    ...(parsed.name === undefined ? {} : { name: parsed.name }),
    ...(netns === undefined ? {} : { netns }),
  };
  netlink(() => setLink(run.netns, device, change));
  return 0;
}

function changeKind(run: IpRun, device: Device, type: string, words: Words): void {
  if (type === "bridge_slave") {
    changeBridgePort(device, words);
    return;
  }
  const kind = linkKindOf(device);
  if (kind.name !== type) throw new ToolExit(2, "RTNETLINK answers: Operation not supported\n");
  if (kind.change === undefined) throw unsupported(`changing a link of type "${type}"`);
  kind.change(device, words, run);
}

function remove(run: IpRun, words: Words): number {
  const device = deviceNamed(run, parseLinkOptions(words, run));
  netlink(() => deleteLink(run.netns, device));
  return 0;
}
