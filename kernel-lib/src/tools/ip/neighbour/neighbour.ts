import { contains, type InterfaceAddress, type Mac, networkOf } from "../../../base/addresses.js";
import { KernelError } from "../../../base/errno.js";
import type { Device } from "../../../link/device.js";
import type { Neighbour, NeighbourState } from "../../../route/neighbour.js";
import {
  addNeighbour,
  changeNeighbour,
  deleteNeighbour,
  type NeighbourSpec,
  replaceNeighbour,
} from "../../../stack/config/neighbour.js";
import { netlink, ToolExit } from "../../tool-exit.js";
import { summary } from "../address/flush.js";
import { neighbourJson, writeJson } from "../json.js";
import type { IpRun } from "../run.js";
import { NEIGHBOUR_USAGE } from "../usage.js";
import {
  cannotFind,
  findDevice,
  garbage,
  invalidArgument,
  matches,
  readAddress,
  readLinkAddress,
  readPrefix,
  unsupported,
  Words,
} from "../words.js";
import { printNeighbour } from "./print.js";

/** `ip neigh`: show, add, change, replace, del, get, flush. */
export function ipNeighbour(run: IpRun, words: readonly string[]): number {
  const [verb = "show", ...rest] = words;
  if (run.options.family === "inet6") return ipv6(verb);
  if (matches(verb, "add")) return modify(run, rest, addNeighbour);
  if (matches(verb, "change") || verb === "chg") return modify(run, rest, changeNeighbour);
  if (matches(verb, "replace")) return modify(run, rest, replaceNeighbour);
  if (matches(verb, "delete"))
    return modify(run, rest, (netns, { address, device }) => deleteNeighbour(netns, address, device));
  if (matches(verb, "get")) return get(run, rest);
  if (matches(verb, "show") || verb === "lst" || matches(verb, "list")) return show(run, rest);
  if (matches(verb, "flush")) return flush(run, rest);
  if (matches(verb, "help")) throw new ToolExit(255, NEIGHBOUR_USAGE);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "ip neigh help".\n`);
}

/** No IPv6 packet is sent here, so there are no IPv6 neighbours to list. */
function ipv6(verb: string): number {
  if (matches(verb, "show") || matches(verb, "list")) return 0;
  throw unsupported("an IPv6 neighbour");
}

const STATES: readonly NeighbourState[] = [
  "INCOMPLETE",
  "REACHABLE",
  "STALE",
  "DELAY",
  "PROBE",
  "FAILED",
  "NOARP",
  "PERMANENT",
  "NONE",
];

function readState(word: string): NeighbourState {
  const state = STATES.find((name) => matches(word, name.toLowerCase()));
  if (state === undefined) throw invalidArgument(word, "nud state is bad");
  return state;
}

interface Request {
  address: number | null;
  mac: Mac | null;
  macLength: number;
  state: NeighbourState | null;
  device: string | null;
}

function read(list: readonly string[]): Request {
  const words = new Words(list);
  const request: Request = { address: null, mac: null, macLength: 6, state: null, device: null };
  while (!words.done) {
    const word = words.next();
    if (word === "lladdr") {
      const address = readLinkAddress(words.next());
      request.mac = address.mac;
      request.macLength = address.length;
    } else if (word === "nud") request.state = readState(words.next());
    else if (word === "dev") request.device = words.next();
    else if (["proxy", "vni", "router", "managed", "use", "extern_learn", "protocol"].includes(word))
      throw unsupported(`neighbour option "${word}"`);
    else readTarget(request, word === "to" ? words.next() : word);
  }
  return request;
}

function readTarget(request: Request, word: string): void {
  if (matches(word, "help")) throw new ToolExit(255, NEIGHBOUR_USAGE);
  if (request.address !== null) throw garbage("to", word);
  request.address = readAddress(word);
}

function modify(
  run: IpRun,
  list: readonly string[],
  apply: (netns: IpRun["netns"], spec: NeighbourSpec) => void,
): number {
  const { address, mac, macLength, state, device } = read(list);
  if (address === null || device === null)
    throw new ToolExit(255, "Device and destination are required arguments.\n");
  const target = findDevice(run.netns, device);
  if (macLength !== 6) throw new ToolExit(2, "Error: Invalid link address.\n");
  netlink(() =>
    apply(run.netns, {
      address,
      device: target,
      ...(mac === null ? {} : { mac }),
      ...(state === null ? {} : { state }),
    }),
  );
  return 0;
}

function get(run: IpRun, list: readonly string[]): number {
  const { address, device } = read(list);
  if (device === null || address === null)
    throw new ToolExit(255, "Device and address are required arguments.\n");
  const target = run.netns.device(device);
  if (target === undefined) throw cannotFind(device);
  const entry = netlink(() => {
    const found = run.netns.neighbours.find(address, target);
    if (found === null) throw new KernelError("ENOENT", "Neighbour entry not found.");
    return found;
  });
  run.write(`${printNeighbour(entry, printOptions(run, false))}\n`);
  return 0;
}

interface Selection {
  device: Device | null;
  to: InterfaceAddress | null;
  /** Null: every state but NOARP and NONE. */
  states: readonly NeighbourState[] | null;
}

function readSelection(run: IpRun, list: readonly string[]): Selection {
  const words = new Words(list);
  let device: string | null = null;
  let to: InterfaceAddress | null = null;
  let states: NeighbourState[] | null = null;
  while (!words.done) {
    const word = words.next();
    if (word === "dev") {
      const name = words.next();
      if (device !== null) throw garbage("dev", name);
      device = name;
    } else if (word === "nud") {
      const state = words.next();
      states = state === "all" ? [...STATES] : [...(states ?? []), readState(state)];
    } else if (["master", "vrf", "unused", "nomaster", "proxy", "protocol"].includes(word))
      throw unsupported(`selector "${word}"`);
    else if (matches(word, "help")) throw new ToolExit(255, NEIGHBOUR_USAGE);
    else to = readPrefix(word === "to" ? words.next() : word);
  }
  return { device: device === null ? null : findDevice(run.netns, device), to, states };
}

function selects({ device, to, states }: Selection, entry: Neighbour): boolean {
  if (device !== null && entry.device !== device) return false;
  if (to !== null && !contains(networkOf(to), entry.address)) return false;
  return states === null ? entry.state !== "NOARP" && entry.state !== "NONE" : states.includes(entry.state);
}

function printOptions(run: IpRun, hideDevice: boolean) {
  return { brief: run.options.brief, statistics: run.options.statistics > 0, hideDevice, now: run.now };
}

function show(run: IpRun, list: readonly string[]): number {
  const selection = readSelection(run, list);
  const options = printOptions(run, selection.device !== null);
  const entries = run.netns.neighbours.list().filter((entry) => selects(selection, entry));
  if (run.options.json)
    writeJson(
      run,
      entries.map((entry) => neighbourJson(entry, options)),
    );
  else for (const entry of entries) run.write(`${printNeighbour(entry, options)}\n`);
  return 0;
}

function flush(run: IpRun, list: readonly string[]): number {
  if (list.length === 0) throw new ToolExit(1, "Flush requires arguments.\n");
  const selection = readSelection(run, list);
  const kept: readonly NeighbourState[] = selection.states === null ? ["PERMANENT", "NOARP"] : [];
  const gone = run.netns.neighbours
    .list()
    .filter((entry) => selects(selection, entry) && !kept.includes(entry.state));
  for (const { address, device } of [...gone]) netlink(() => deleteNeighbour(run.netns, address, device));
  if (run.options.statistics > 0) run.write(summary(gone.length, "entries"));
  return 0;
}
