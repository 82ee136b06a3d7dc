import { formatIpv4, type Ipv4, isMulticastIpv4 } from "../../../../base/addresses.js";
import { seconds } from "../../../../base/units.js";
import type { Device } from "../../../../link/device.js";
import type { Vxlan, VxlanConfig } from "../../../../link/vxlan.js";
import { changeVxlan } from "../../../../stack/config/vxlan.js";
import { netlink, ToolExit } from "../../../tool-exit.js";
import type { IpRun } from "../../run.js";
import {
  cannotFind,
  garbage,
  invalidArgument,
  matches,
  readAddress,
  readUnsigned,
  unsupported,
  type Words,
} from "../../words.js";
import { VXLAN_USAGE } from "../usage.js";
import { type LinkKind, noPorts } from "./kind.js";

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

interface Reading {
  readonly words: Words;
  readonly run: IpRun;
  readonly given: Set<string>;
  readonly config: Mutable<VxlanConfig>;
  /** A device that is there already. */
  readonly changing: boolean;
}

/** The kernel's default port, from before IANA gave 4789 (vxlan_port). */
const KERNEL_PORT = 8472;
const DEFAULT_AGEING = 300;

/** What the real device has and this one lacks. */
const REFUSED = new Set(
  (
    "rsc norsc maxaddress gbp gpe external noexternal vnifilter novnifilter udp6zerocsumtx udp6zerocsumrx remcsumtx noremcsumtx remcsumrx noremcsumrx " +
    "group6 remote6 local6 flowlabel localbypass nolocalbypass"
  ).split(" "),
);

const SWITCHES: Readonly<Record<string, (config: Mutable<VxlanConfig>, on: boolean) => void>> = {
  learning: (config, on) => {
    config.learning = on;
  },
  proxy: (config, on) => {
    config.proxy = on;
  },
  l2miss: (config, on) => {
    config.l2miss = on;
  },
  l3miss: (config, on) => {
    config.l3miss = on;
  },
  udpcsum: (config, on) => {
    config.udpChecksum = on;
  },
};

const OPTIONS: Readonly<Record<string, (reading: Reading) => void>> = {
  id: (reading) => {
    reading.config.vni = readValue(reading, "id", 0xffffff, "invalid id");
  },
  vni: (reading) => {
    reading.config.vni = readValue(reading, "id", 0xffffff, "invalid id");
  },
  group: (reading) => readPeer(reading, "group"),
  remote: (reading) => readPeer(reading, "remote"),
  local: (reading) => {
    const word = once(reading, "local");
    const address = readAnyAddress(word);
    if (isMulticastIpv4(address)) throw invalidArgument(word, "invalid local address");
    reading.config.local = address;
  },
  dev: (reading) => {
    const name = once(reading, "dev");
    const lower = reading.run.netns.device(name);
    if (lower === undefined) throw cannotFind(name, 255);
    reading.config.lower = lower;
  },
  ttl: readTtl,
  hoplimit: readTtl,
  tos: readTos,
  dsfield: readTos,
  df: readDf,
  ageing: (reading) => {
    const word = once(reading, "ageing");
    const value = word === "none" ? 0 : readUnsigned(word);
    if (value === null) throw invalidArgument(word, "ageing timer");
    reading.config.ageing = seconds(value === 0 ? DEFAULT_AGEING : value);
  },
  srcport: readSourcePorts,
  port: readSourcePorts,
  dstport: (reading) => {
    reading.config.destinationPort = readValue(reading, "dstport", 65535, "dst port") || KERNEL_PORT;
  },
};

/** Takes the value of an option that may stand once. */
function once({ words, given }: Reading, name: string): string {
  const word = words.next();
  if (given.has(name)) throw garbage(name, word);
  given.add(name);
  return word;
}

function readValue(reading: Reading, name: string, max: number, complaint: string): number {
  const word = once(reading, name);
  const value = readUnsigned(word, max);
  if (value === null) throw invalidArgument(word, complaint);
  return value;
}

function readPeer(reading: Reading, name: "group" | "remote"): void {
  const word = once(reading, name);
  if (reading.given.has(name === "group" ? "remote" : "group"))
    throw new ToolExit(1, "vxlan: both group and remote cannot be specified\n");
  const address = readAnyAddress(word);
  if (word === "any" || isMulticastIpv4(address) !== (name === "group"))
    throw invalidArgument(word, `invalid ${name} address`);
  reading.config.remote = address;
}

/** An address of either family (get_addr). */
function readAnyAddress(word: string): Ipv4 {
  if (word === "any") return 0;
  try {
    return readAddress(word);
  } catch (error) {
    if (!(error instanceof ToolExit)) throw error;
    throw new ToolExit(error.status, error.text.replace("inet address", "any valid address"));
  }
}

function readTtl(reading: Reading): void {
  const word = once(reading, "ttl");
  if (word === "inherit" || word === "auto") {
    reading.config.ttl = word === "inherit" ? "inherit" : 0;
    return;
  }
  const value = readUnsigned(word);
  if (value === null) throw invalidArgument(word, "invalid TTL");
  if (value > 255) throw invalidArgument(word, "TTL must be <= 255");
  reading.config.ttl = value;
}

function readTos(reading: Reading): void {
  const word = once(reading, "tos");
  if (word === "inherit") {
    reading.config.tos = "inherit";
    return;
  }
  const value = /^(0x)?[0-9a-f]+$/i.test(word) ? Number.parseInt(word, 16) : 256;
  if (value > 255) throw invalidArgument(word, "bad TOS value");
  reading.config.tos = value;
}

function readDf(reading: Reading): void {
  const word = once(reading, "df");
  if (word !== "unset" && word !== "set" && word !== "inherit")
    throw invalidArgument(word, "DF must be 'unset', 'set' or 'inherit'");
  reading.config.dontFragment = word;
}

function readSourcePorts(reading: Reading): void {
  const first = readValue(reading, "srcport", 65535, "min port");
  const word = reading.words.next();
  const last = readUnsigned(word, 65535);
  if (last === null) throw invalidArgument(word, "max port");
  reading.config.sourcePorts = [first, last];
}

function read(words: Words, run: IpRun, changing = false): Reading {
  const reading: Reading = { words, run, given: new Set(), config: {}, changing };
  while (!words.done) readOption(reading);
  return reading;
}

function readOption(reading: Reading): void {
  const name = reading.words.next();
  const option = Object.keys(OPTIONS).find((key) => matches(name, key));
  if (option !== undefined) {
    OPTIONS[option]!(reading);
    return;
  }
  if (matches(name, "help")) throw new ToolExit(1, VXLAN_USAGE);
  const plain = name.startsWith("no") ? name.slice(2) : name;
  const toggle = Object.keys(SWITCHES).find((key) => matches(plain, key));
  if (toggle !== undefined) {
    reading.given.add(toggle);
    SWITCHES[toggle]!(reading.config, plain === name);
  } else if (reading.changing && Object.hasOwn(FROZEN, plain)) {
    reading.given.add(plain);
    if (plain === "maxaddress") readValue(reading, "", 0xffffffff, "max addresses");
  } else if (plain === "udp6zerocsumtx" || plain === "udp6zerocsumrx") {
    if (plain === name) throw unsupported(`vxlan option "${name}"`);
  } else if (REFUSED.has(name)) throw unsupported(`vxlan option "${name}"`);
  else throw new ToolExit(1, `vxlan: unknown command "${name}"?\n${VXLAN_USAGE}`);
}

/** What the kernel lets nobody change, by the option that would (vxlan_nl2conf, vxlan_nl2flag): its words. */
const FROZEN: Readonly<Record<string, string>> = {
  srcport: "Cannot change port range",
  proxy: "vxlan: cannot change PROXY flag",
  rsc: "vxlan: cannot change RSC flag",
  l2miss: "vxlan: cannot change L2MISS flag",
  l3miss: "vxlan: cannot change L3MISS flag",
  maxaddress: "Cannot change limit",
  external: "vxlan: cannot change COLLECT_METADATA flag",
  udpcsum: "Cannot change UDP_CSUM flag",
  gbp: "vxlan: cannot change GBP flag",
};

const UNCONFIGURED: Omit<VxlanConfig, "vni"> = {
  remote: 0,
  local: 0,
  lower: null,
  destinationPort: KERNEL_PORT,
  sourcePorts: [0, 0],
  ttl: 0,
  tos: 0,
  dontFragment: "unset",
  learning: true,
  proxy: false,
  l2miss: false,
  l3miss: false,
  ageing: seconds(DEFAULT_AGEING),
  udpChecksum: true,
};

const PORT_WARNING =
  "vxlan: destination port not specified\n" +
  "Will use Linux kernel default (non-standard value)\n" +
  "Use 'dstport 4789' to get the IANA assigned value\n" +
  "Use 'dstport 0' to get default and quiet this message\n";

function checkPorts({ sourcePorts }: Mutable<VxlanConfig>): void {
  if (sourcePorts !== undefined && sourcePorts[0] > sourcePorts[1])
    throw new ToolExit(2, "Error: Invalid source port range.\n");
}

function printTraits({
  learning,
  proxy,
  l2miss,
  l3miss,
  tos,
  ttl,
  dontFragment,
  udpChecksum,
  ageing,
}: VxlanConfig): string {
  const on = (value: boolean, word: string) => (value ? `${word} ` : "");
  const tosText = tos === "inherit" ? "tos inherit " : tos === 0 ? "" : `tos 0x${tos.toString(16)} `;
  const ttlText = ttl === "inherit" ? "ttl inherit " : ttl === 0 ? "ttl auto " : `ttl ${ttl} `;
  const df = dontFragment === "unset" ? "" : `df ${dontFragment} `;
  const flags =
    on(!learning, "nolearning") + on(proxy, "proxy") + on(l2miss, "l2miss") + on(l3miss, "l3miss");
  const checksums = `${udpChecksum ? "udpcsum" : "noudpcsum"} noudp6zerocsumtx noudp6zerocsumrx `;
  return `${flags}${tosText}${ttlText}${df}ageing ${ageing / 1e9} ${checksums}`;
}

/** vxlan_print_opt. */
function print(device: Device): string {
  const { config } = device as Vxlan;
  const { vni, remote, local, lower, sourcePorts, destinationPort } = config;
  const address = (word: string, value: Ipv4) => (value === 0 ? "" : `${word} ${formatIpv4(value)} `);
  return (
    `id ${vni} ${address(isMulticastIpv4(remote) ? "group" : "remote", remote)}${address("local", local)}` +
    `${lower === null ? "" : `dev ${lower.name} `}srcport ${sourcePorts[0]} ${sourcePorts[1]} dstport ${destinationPort} ${printTraits(config)}`
  );
}

/** `type vxlan id N …` (iproute2's iplink_vxlan.c). */
export const vxlanKind: LinkKind = {
  device: "vxlan",
  name: "vxlan",
  namePattern: "vxlan",
  mtuRange: [68, 65535],
  tsoMaxSize: 65536,
  lowerOf: (device) => (device as Vxlan).config.lower,
  parse(common, words, run) {
    if (words.done)
      throw new ToolExit(2, "Error: Required attributes not provided to perform the operation.\n");
    const { config, given } = read(words, run);
    if (config.vni === undefined) throw new ToolExit(1, "vxlan: missing virtual network identifier\n");
    if (given.has("group") && config.lower === undefined)
      throw new ToolExit(1, "vxlan: 'group' requires 'dev' to be specified\n");
    if (!given.has("dstport")) run.process.stderr.write(PORT_WARNING);
    checkPorts(config);
    return { spec: { kind: "vxlan", ...common, config: { ...UNCONFIGURED, ...config, vni: config.vni } } };
  },
  change(device, words, run) {
    const { config, given } = read(words, run, true);
    const frozen = Object.keys(FROZEN).find((name) => given.has(name));
    if (frozen !== undefined) throw new ToolExit(2, `Error: ${FROZEN[frozen]}.\n`);
    netlink(() => changeVxlan(run.netns, device as Vxlan, { ...(device as Vxlan).config, ...config }));
  },
  details: print,
  ...noPorts,
};
