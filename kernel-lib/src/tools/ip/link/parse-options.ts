import type { Device } from "../../../link/device.js";
import type { LinkChange } from "../../../stack/config/link.js";
import type { Netns } from "../../../stack/netns.js";
import { ToolExit } from "../../tool-exit.js";
import { netnsArgument } from "../netns.js";
import type { IpRun } from "../run.js";
import {
  garbage,
  invalidArgument,
  isInterfaceName,
  matches,
  readLinkAddress,
  readNumber,
  readOnOff,
  unsupported,
  type Words,
} from "../words.js";
import { LINK_USAGE } from "./usage.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What iplink_parse reads: options up to `type`, whose own words are left over. */
export interface ParsedLink {
  /** The device named by `dev NAME` or by a bare word. */
  dev?: string;
  /** `name NAME`. */
  name?: string;
  /** The name of the device meant: `name` for a new one, `dev` otherwise. */
  index?: number;
  netns?: Netns | "no such process";
  type?: string;
  readonly change: Mutable<Omit<LinkChange, "netns">>;
}

type Option = (words: Words, parsed: ParsedLink, run: IpRun) => void;

/** Options that must be written out. */
const EXACT: Readonly<Record<string, Option>> = {
  up: (_, { change }) => {
    change.up = true;
  },
  down: (_, { change }) => {
    change.up = false;
  },
  name: (words, parsed) => {
    parsed.name = readName(words.next(), "name");
  },
  index: (words, parsed) => {
    parsed.index = readNumber(words, "index", 0x7fffffff);
  },
  brd: (words) => refuseOption("broadcast", words),
  qlen: readQueueLength,
  mtu: (words, { change }) => {
    change.mtu = readNumber(words, "mtu");
  },
  netns: readNetns,
  multicast: (words, { change }) => {
    change.multicast = readOnOff(words, "multicast");
  },
  allmulticast: (words, { change }) => {
    change.allMulticast = readOnOff(words, "allmulticast");
  },
  promisc: (words, { change }) => {
    change.promiscuous = readOnOff(words, "promisc");
  },
  arp: (words, { change }) => {
    change.arp = readOnOff(words, "arp");
  },
};

/** Known to the real tool, but not modelled. */
const REFUSED = [
  ...[
    "carrier",
    "vf",
    "vrf",
    "group",
    "mode",
    "state",
    "numtxqueues",
    "numrxqueues",
    "addrgenmode",
    "link-netnsid",
    "protodown",
    "trailers",
  ],
  ...[
    "gso_max_size",
    "gso_max_segs",
    "gro_max_size",
    "parentdev",
    "xdp",
    "xdpgeneric",
    "xdpdrv",
    "xdpoffload",
    "nolink",
  ],
];

/** Options that may be abbreviated, in the tool's order. */
const ABBREVIATED: readonly (readonly [string, Option])[] = [
  ["link", (words) => refuseOption("link", words)],
  ["address", readMac],
  ["broadcast", (words) => refuseOption("broadcast", words)],
  ["txqueuelen", readQueueLength],
  ["txqlen", readQueueLength],
  ["master", readMaster],
  [
    "nomaster",
    (_, { change }) => {
      change.master = null;
    },
  ],
  ["dynamic", (words) => refuseOption("dynamic", words)],
  [
    "alias",
    (words, { change }) => {
      change.alias = words.next();
    },
  ],
];

/** Reads the options of `ip link add` and `set` until the words end or `type KIND` is read. */
export function parseLinkOptions(words: Words, run: IpRun): ParsedLink {
  const parsed: ParsedLink = { change: {} };
  while (!words.done) {
    const word = words.next();
    const option = EXACT[word] ?? ABBREVIATED.find(([name]) => matches(word, name))?.[1];
    if (option !== undefined) option(words, parsed, run);
    else if (matches(word, "type")) {
      parsed.type = words.next();
      return parsed;
    } else if (REFUSED.includes(word)) throw unsupported(`link option "${word}"`);
    else readDevice(words, word, parsed);
  }
  return parsed;
}

function readDevice(words: Words, word: string, parsed: ParsedLink): void {
  if (matches(word, "help")) throw new ToolExit(255, LINK_USAGE);
  const dev = word === "dev" ? words.next() : word;
  if (parsed.dev !== undefined) throw garbage("dev", dev);
  parsed.dev = readName(dev, "dev");
}

/** Bytes of an interface name with the zero at its end (linux/if.h). What comes after `dev` may be an alternative name, which is longer. */
const IFNAMSIZ = 16;

function readName(word: string, option: string): string {
  if (!isInterfaceName(word) || (option === "name" && word.length >= IFNAMSIZ))
    throw invalidArgument(word, `"${option}" not a valid ifname`);
  return word;
}

function refuseOption(name: string, _words: Words): never {
  throw unsupported(`link option "${name}"`);
}

function readMac(words: Words, parsed: ParsedLink): void {
  const { mac, length } = readLinkAddress(words.next());
  if (length !== 6) throw new ToolExit(1, `Invalid address length ${length} - must be 6 bytes\n`);
  parsed.change.mac = mac;
}

function readQueueLength(words: Words, parsed: ParsedLink): void {
  const word = words.next();
  if (!/^-?\d+$/.test(word)) throw invalidArgument(word, 'Invalid "txqueuelen" value\n');
  parsed.change.txQueueLength = Number(word) >>> 0;
}

function readMaster(words: Words, parsed: ParsedLink, run: IpRun): void {
  const word = words.next();
  const master: Device | undefined = run.netns.device(word);
  if (master === undefined) throw invalidArgument(word, "Device does not exist\n");
  parsed.change.master = master;
}

function readNetns(words: Words, parsed: ParsedLink, run: IpRun): void {
  const word = words.next();
  const netns = netnsArgument(run, word);
  if (netns === null) throw invalidArgument(word, 'Invalid "netns" value\n');
  parsed.netns = netns;
}
