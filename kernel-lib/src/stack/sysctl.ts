import { KernelError } from "../base/errno.js";
import type { Device } from "../link/device.js";
import type { NeighbourParameters } from "../route/neighbour-parameters.js";
import { DeviceSettings, isDeviceSetting, withNeighbourSetting } from "./device-settings.js";
import {
  GENERAL_SYSCTLS,
  IPV4_DEVICE_SYSCTLS,
  IPV6_DEVICE_SYSCTLS,
  NEIGHBOUR_SYSCTLS,
} from "./sysctl-defaults.js";
import { SysctlValues } from "./sysctl-values.js";

/** Values that are words, lists or masks; all others are whole numbers, which the kernel checks. */
const TEXT_VALUES =
  /(sync_threshold|ratemask|reserved_ports|local_port_range|ping_group_range|tcp_[rw]?mem|udp_mem|congestion_control|fastopen_key|ehash_entries|child_ehash)/;

/**
 * The network part of /proc/sys as one namespace sees it. Names are dotted: `net.ipv4.conf.eth0.rp_filter`; a dot in a device's name is written as `/`. What
 * the packet path reads is kept as numbers besides.
 */
export class SysctlTable {
  private readonly values = new SysctlValues(GENERAL_VALUES, ALL_VALUES, DEFAULT_VALUES);
  private readonly all = new DeviceSettings();
  private readonly defaults = new DeviceSettings();
  private readonly devices: (DeviceSettings | undefined)[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly live = new Map<string, () => string>();
  private readonly readOnly = new Set(READ_ONLY);
  /** Called with the name and value of each setting under net.netfilter. */
  netfilterChanged: ((name: string, value: number) => void) | null = null;
  /** The same for net.ipv4.vs. */
  ipvsChanged: ((name: string, value: number) => void) | null = null;
  ignoresEcho = false;
  ignoresBroadcastEcho = true;
  /** net.bridge.bridge-nf-call-iptables. */
  bridgeCallsIptables = false;
  /** TTL of packets whose socket sets none. */
  defaultTtl = 64;
  /** First and last ephemeral port. */
  portRange: readonly [number, number] = [32768, 60999];

  get(name: string): string | undefined {
    return this.live.get(name)?.() ?? this.values.get(name);
  }

  /** The value of `name` is what `read` says at the time. */
  showLive(name: string, read: () => string): void {
    this.live.set(name, read);
  }

  /** Whether the file under /proc/sys has no write permission here. */
  isReadOnly(name: string): boolean {
    return this.readOnly.has(name);
  }

  /** In the machine's own namespace what is the same for all its namespaces can be set. */
  allowWriting(names: readonly string[]): void {
    for (const name of names) this.readOnly.delete(name);
  }

  /** A value as a number; 0 when it is none. */
  number(name: string): number {
    return Number(this.values.get(name)) || 0;
  }

  /** Throws ENOENT for an unknown name, EACCES for one that is only read, EINVAL for a value that the kernel refuses. */
  set(name: string, value: string): void {
    if (this.values.get(name) === undefined) throw new KernelError("ENOENT");
    if (this.readOnly.has(name)) throw new KernelError("EACCES");
    this.apply(name, checked(name, value));
  }

  /** A new namespace begins with the machine's settings for all and for new devices (devinet_init_net, as long as devconf_inherit_init_net is 0): so it forwards where the machine does. */
  inheritDevices(machine: SysctlTable): void {
    for (const group of ["all", "default"])
      for (const [setting] of IPV4_DEVICE_SYSCTLS) {
        const name = `net.ipv4.conf.${group}.${setting}`;
        const value = machine.values.get(name);
        if (value !== undefined && value !== this.values.get(name)) this.apply(name, value);
      }
  }

  /** A module brings a setting of its own. */
  provide(name: string, value: string): void {
    this.apply(name, value);
  }

  /** All names, in the order of a walk through /proc/sys. */
  names(): readonly string[] {
    return this.values.names().sort(byPath);
  }

  /** A device has come: it gets the settings of `default`. */
  addDevice(device: Device): void {
    const settings = Object.assign(new DeviceSettings(), this.defaults);
    this.devices[device.ifindex] = settings;
    const key = fileName(device.name);
    this.indexes.set(key, device.ifindex);
    this.values.addGroup(key);
    if (device.kind === "loopback")
      for (const name of ["disable_policy", "disable_xfrm"]) this.values.set(`net.ipv4.conf.lo.${name}`, "1");
  }

  /** The device has gone; what was set for it goes too. */
  removeDevice(device: Device): void {
    this.devices[device.ifindex] = undefined;
    const key = fileName(device.name);
    this.indexes.delete(key);
    this.values.removeGroup(key);
  }

  /** A device's directories follow its name. */
  renameDevice(device: Device, oldName: string): void {
    const from = fileName(oldName);
    const to = fileName(device.name);
    this.indexes.delete(from);
    this.indexes.set(to, device.ifindex);
    this.values.renameGroup(from, to);
  }

  forwards(index: number): boolean {
    return this.device(index).forwarding !== 0;
  }

  routesLocalnet(index: number): boolean {
    return (this.all.route_localnet | this.device(index).route_localnet) !== 0;
  }

  acceptsLocal(index: number): boolean {
    return (this.all.accept_local | this.device(index).accept_local) !== 0;
  }

  /** 0 off, 1 strict, 2 loose: the higher of `all` and the device. */
  reversePathMode(index: number): number {
    return Math.max(this.all.rp_filter, this.device(index).rp_filter);
  }

  arpIgnore(index: number): number {
    return Math.max(this.all.arp_ignore, this.device(index).arp_ignore);
  }

  arpAnnounce(index: number): number {
    return Math.max(this.all.arp_announce, this.device(index).arp_announce);
  }

  arpNotify(index: number): boolean {
    return (this.all.arp_notify | this.device(index).arp_notify) !== 0;
  }

  proxiesArp(index: number): boolean {
    return (this.all.proxy_arp | this.device(index).proxy_arp) !== 0;
  }

  sendsRedirects(index: number): boolean {
    return (this.all.send_redirects | this.device(index).send_redirects) !== 0;
  }

  promotesSecondaries(index: number): boolean {
    return (this.all.promote_secondaries | this.device(index).promote_secondaries) !== 0;
  }

  neighbourParameters(index: number): NeighbourParameters {
    return this.device(index).neighbour;
  }

  private device(index: number): DeviceSettings {
    return this.devices[index] ?? this.defaults;
  }

  private apply(name: string, value: string): void {
    this.values.set(name, value);
    const parts = name.split(".");
    const number = Number(value);
    if (name === "net.ipv4.ip_forward" || name === "net.ipv4.conf.all.forwarding") this.setForwarding(value);
    else if (name === "net.ipv6.conf.all.disable_ipv6" || name === "net.ipv6.conf.all.forwarding")
      this.setEverywhere(parts[4]!, value);
    else if (name === "net.ipv4.icmp_echo_ignore_all") this.ignoresEcho = number !== 0;
    else if (name === "net.ipv4.icmp_echo_ignore_broadcasts") this.ignoresBroadcastEcho = number !== 0;
    else if (name === "net.bridge.bridge-nf-call-iptables") this.bridgeCallsIptables = number !== 0;
    else if (name === "net.ipv4.ip_default_ttl") this.defaultTtl = number;
    else if (name === "net.ipv4.ip_local_port_range")
      this.portRange = value.split("\t").map(Number) as unknown as [number, number];
    else if (parts[1] === "netfilter") this.netfilterChanged?.(parts[2]!, number);
    else if (parts[2] === "vs") this.ipvsChanged?.(parts[3]!, number);
    else if (parts[1] === "ipv4" && parts.length === 5)
      this.applyToDevice(parts[2]!, parts[3]!, parts[4]!, number);
  }

  private applyToDevice(kind: string, key: string, setting: string, value: number): void {
    const target =
      key === "all" ? this.all : key === "default" ? this.defaults : this.devices[this.indexes.get(key) ?? 0];
    if (target === undefined) return;
    if (kind === "neigh") target.neighbour = withNeighbourSetting(target.neighbour, setting, value);
    else if (isDeviceSetting(setting)) target[setting] = value;
  }

  /** ip_forward and conf.all.forwarding are one; they set every device and the default (inet_forward_change). */
  private setForwarding(value: string): void {
    this.values.set("net.ipv4.ip_forward", value);
    for (const group of this.values.groupNames) this.values.set(`net.ipv4.conf.${group}.forwarding`, value);
    const number = Number(value);
    for (const settings of [this.all, this.defaults, ...this.devices])
      if (settings !== undefined) settings.forwarding = number;
  }

  private setEverywhere(setting: string, value: string): void {
    for (const group of this.values.groupNames) this.values.set(`net.ipv6.conf.${group}.${setting}`, value);
  }
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** The settings of a group, with `*` for its name. */
function groupValues(neighbour: Pairs, more: Pairs = []): ReadonlyMap<string, string> {
  const under = (folder: string, pairs: Pairs) =>
    pairs.map(([name, value]): [string, string] => [`${folder}.*.${name}`, value]);
  return new Map([
    ...under("net.ipv4.conf", IPV4_DEVICE_SYSCTLS),
    ...under("net.ipv6.conf", IPV6_DEVICE_SYSCTLS),
    ...under("net.ipv4.neigh", neighbour),
    ...under(
      "net.ipv6.neigh",
      neighbour.map(([name, value]) => [name, name === "locktime" ? "0" : value]),
    ),
    ...under("net.ipv4.conf", more),
  ]);
}

const GENERAL_VALUES: ReadonlyMap<string, string> = new Map(GENERAL_SYSCTLS);
const ALL_VALUES = groupValues([], [["accept_source_route", "0"]]);
const DEFAULT_VALUES = groupValues(NEIGHBOUR_SYSCTLS);

/** Of the whole machine, and counts. */
const READ_ONLY: readonly string[] = [
  "net.netfilter.nf_conntrack_buckets",
  "net.netfilter.nf_conntrack_count",
  "net.netfilter.nf_conntrack_expect_max",
  "net.netfilter.nf_conntrack_max",
];

/** The highest value of settings that are no plain integers (proc_dou8vec_minmax). */
const HIGHEST: Readonly<Record<string, number>> = {
  "net.netfilter.nf_conntrack_acct": 1,
  "net.netfilter.nf_conntrack_checksum": 1,
  "net.netfilter.nf_conntrack_events": 2,
  "net.netfilter.nf_conntrack_log_invalid": 255,
  "net.netfilter.nf_conntrack_tcp_be_liberal": 1,
  "net.netfilter.nf_conntrack_tcp_ignore_invalid_rst": 1,
  "net.netfilter.nf_conntrack_tcp_loose": 1,
  "net.netfilter.nf_conntrack_tcp_max_retrans": 255,
  "net.netfilter.nf_conntrack_timestamp": 1,
};

/** What the kernel stores for what was written; throws EINVAL when it would refuse. */
function checked(name: string, text: string): string {
  const words = text.trim().split(/\s+/);
  if (name === "net.ipv4.ip_local_port_range") {
    const [low = Number.NaN, high = Number.NaN] = words.map(Number);
    if (words.length !== 2 || !(low >= 1 && low <= high && high <= 65535)) throw new KernelError("EINVAL");
    return `${low}\t${high}`;
  }
  if (TEXT_VALUES.test(name)) return words.join("\t");
  if (words.length !== 1 || !/^-?(\d+|0x[0-9a-f]+)$/i.test(words[0]!)) throw new KernelError("EINVAL");
  const value = words[0]!.startsWith("-") ? -Number(words[0]!.slice(1)) : Number(words[0]);
  if (value > 0x7fffffff || value < -0x80000000) throw new KernelError("EINVAL");
  const highest = HIGHEST[name];
  if (highest !== undefined && (value < 0 || value > highest)) throw new KernelError("EINVAL");
  return String(value);
}

/** A device's name as a part of a dotted name. */
function fileName(device: string): string {
  return device.replaceAll(".", "/");
}

function byPath(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < left.length && i < right.length; i++) {
    if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
  }
  return left.length - right.length;
}
