import type { Ipv4 } from "../base/addresses.js";
import { type Errno, KernelError } from "../base/errno.js";
import type { Ipvs } from "../ipvs/ipvs.js";
import type { BridgeNetfilter } from "../link/bridge-netfilter.js";
import type { Device, Home } from "../link/device.js";
import { Loopback } from "../link/loopback.js";
import { HookTable } from "../netfilter/hook.js";
import { Netfilter } from "../netfilter/netfilter.js";
import type { TableModules } from "../netfilter/table-modules.js";
import { Fib } from "../route/fib.js";
import { NeighbourTable } from "../route/neighbour-table.js";
import type { Path } from "../route/path.js";
import { IcmpSockets } from "../socket/icmp.js";
import type { SendOptions } from "../socket/ipv4-output.js";
import { Ipv6Sockets } from "../socket/ipv6-sockets.js";
import { newPathHeader, type PathHeader } from "../socket/path-output.js";
import { TcpSockets } from "../socket/tcp/tcp-sockets.js";
import { type UdpHost, UdpSockets } from "../socket/udp.js";
import type { Cpu } from "../trace/cpu.js";
import type { World } from "../trace/world.js";
import type { Packet } from "../wire/packet.js";
import { removeDevice } from "./config/remove-device.js";
import { SnmpCounters } from "./counters.js";
import { DeviceList } from "./device-list.js";
import { findPath } from "./find-path.js";
import { Groups } from "./groups.js";
import { IcmpLimits } from "./icmp-limits.js";
import { Identification } from "./identification.js";
import { BalancedPackets, loadIpvs } from "./ipvs-port.js";
import { followDevice } from "./kernel-routes.js";
import { type KernelTraits, MODERN_KERNEL } from "./kernel-traits.js";
import { neighbourPort } from "./neighbour-port.js";
import { netfilterPort } from "./netfilter-port.js";
import { NetnsIds } from "./netns-ids.js";
import { PathMtus } from "./path-mtus.js";
import { Reassembly } from "./reassembly.js";
import { receiveFrame } from "./receive.js";
import { Redirects } from "./redirects.js";
import { SysctlTable } from "./sysctl.js";
import { sendVia } from "./transmit.js";
import { acceptUdp, dropUdp, rejectUdp } from "./udp-delivery.js";
import { VxlanSockets } from "./vxlan-sockets.js";

export interface NetnsOptions {
  readonly world: World;
  readonly cpu: Cpu;
  readonly machine: string;
  /** The machine's or container's name, for traces. */
  readonly label: string;
  /** Inode number. */
  readonly id: number;
  /** Default: Linux 6.1. */
  readonly kernel?: KernelTraits;
  /** Default: the namespace has its own tables. */
  readonly tableModules?: TableModules | null;
}

/** A network namespace: it owns devices, tables and sockets; what is done with packets is in the other files of this folder. */
export class Netns implements Home, UdpHost {
  readonly world: World;
  readonly cpu: Cpu;
  readonly machine: string;
  readonly id: number;
  label: string;
  /** Devices by name and index. Only stack/config changes it. */
  readonly kernel: KernelTraits;
  readonly tableModules: TableModules | null;
  readonly links = new DeviceList();
  readonly loopback: Loopback;
  readonly fib = new Fib();
  readonly neighbours: NeighbourTable;
  readonly hooks = new HookTable();
  readonly sysctls = new SysctlTable();
  readonly counters = new SnmpCounters();
  readonly udp: UdpSockets;
  readonly icmp: IcmpSockets;
  readonly ipv6 = new Ipv6Sockets();
  readonly pathMtus: PathMtus;
  readonly redirects = new Redirects();
  readonly icmpLimits = new IcmpLimits();
  readonly identification: Identification;
  readonly reassembly: Reassembly;
  readonly netnsIds = new NetnsIds();
  readonly netfilter: Netfilter;
  readonly groups = new Groups();
  readonly balanced = new BalancedPackets(this);
  readonly vxlans: VxlanSockets;
  /** Set while the module br_netfilter is loaded. */
  bridgeNetfilter: BridgeNetfilter | null = null;
  /** Gone: no verb of stack/config may be called on it. */
  disposed = false;
  private readonly paths = new Map<number, Path>();
  private readonly pathsByDevice = new Map<number, Map<number, Path>>();
  private readonly header: PathHeader = newPathHeader(0);
  private tcpSockets: TcpSockets | null = null;
  private loadedIpvs: Ipvs | null = null;

  constructor(options: NetnsOptions) {
    this.world = options.world;
    this.cpu = options.cpu;
    this.machine = options.machine;
    this.label = options.label;
    this.id = options.id;
    this.kernel = options.kernel ?? MODERN_KERNEL;
    this.tableModules = options.tableModules ?? null;
    const random = this.world.random.fork(`netns/${this.machine}/${this.id}`);
    this.neighbours = new NeighbourTable(this.world.scheduler, random.fork("neighbour"), neighbourPort(this));
    this.identification = new Identification(random.fork("id"));
    this.pathMtus = new PathMtus(this.world.scheduler);
    this.reassembly = new Reassembly(this);
    this.netfilter = new Netfilter(netfilterPort(this));
    this.udp = new UdpSockets(this, random.fork("udp"));
    this.icmp = new IcmpSockets(this, random.fork("icmp"));
    this.vxlans = new VxlanSockets(this);
    this.loopback = new Loopback(this);
    this.loopback.txQueueLength = this.kernel.loopbackQueueLength;
    this.links.add(this.loopback);
    this.sysctls.addDevice(this.loopback);
  }

  /** Devices by interface index, in ascending order. */
  get devices(): ReadonlyMap<number, Device> {
    return this.links.byIndex;
  }

  /** Made at first use. */
  get tcp(): TcpSockets {
    this.tcpSockets ??= new TcpSockets(this);
    return this.tcpSockets;
  }

  /** The load balancer; loaded at first use. */
  get ipvs(): Ipvs {
    this.loadedIpvs ??= loadIpvs(this);
    return this.loadedIpvs;
  }

  /** The same, or null while nobody has used it. */
  get ipvsLoaded(): Ipvs | null {
    return this.loadedIpvs;
  }

  get defaultTtl(): number {
    return this.sysctls.defaultTtl;
  }

  get portRange(): readonly [number, number] {
    return this.sysctls.portRange;
  }

  get unprivilegedPortStart(): number {
    return this.sysctls.number("net.ipv4.ip_unprivileged_port_start");
  }

  device(name: string): Device | undefined {
    return this.links.named(name);
  }

  deviceByIndex(index: number): Device | undefined {
    return this.links.byIndex.get(index);
  }

  /** The device that holds an address; null when none does. */
  deviceOfAddress(address: Ipv4): Device | null {
    for (const device of this.devices.values()) {
      if (device.addresses.some((at) => at.address === address)) return device;
    }
    return null;
  }

  /** The id by which this namespace knows another one (`link-netnsid`), given on demand from 0; -1 for itself. */
  netnsIdOf(other: Netns): number {
    return other === this ? -1 : this.netnsIds.of(other);
  }

  /** The id, if one was given already. */
  peekNetnsId(other: Netns): number | null {
    return this.netnsIds.peek(other);
  }

  receive(packet: Packet, device: Device): void {
    receiveFrame(this, packet, device);
  }

  deviceChanged(device: Device): void {
    if (this.links.byIndex.get(device.ifindex) === device) followDevice(this, device);
  }

  send(packet: Packet, options: SendOptions): void {
    const path = this.findPath(options.destination, options.source, options.boundIndex ?? 0);
    if (typeof path === "string") {
      this.counters.ip.OutNoRoutes++;
      packet.release();
      throw new KernelError(path);
    }
    const { header } = this;
    header.source = options.source;
    header.protocol = options.protocol;
    header.ttl = options.ttl ?? this.defaultTtl;
    header.tos = options.tos ?? 0;
    header.dontFragment = options.dontFragment ?? false;
    header.mayFragment = false;
    header.id = options.id ?? -1;
    header.mark = options.mark ?? 0;
    header.cause = options.cause ?? 0;
    header.confirm = options.confirm ?? false;
    sendVia(this, packet, path, options.destination, header, "socket");
  }

  sendVia(packet: Packet, path: Path, destination: Ipv4, header: PathHeader): void {
    sendVia(this, packet, path, destination, header, "socket");
  }

  startPacket(packet: Packet): void {
    this.cpu.enter(packet);
    packet.elapsed += this.world.costs.socketSend;
  }

  acceptUdp(packet: Packet): void {
    acceptUdp(this, packet);
  }

  rejectUdp(packet: Packet): void {
    rejectUdp(this, packet);
  }

  dropUdp(packet: Packet, reason: "UDP_CSUM" | "PKT_TOO_SMALL" | "SOCKET_RCVBUFF"): void {
    dropUdp(this, packet, reason);
  }

  pathTo(destination: Ipv4, source: Ipv4, boundIndex: number, cached: Path | null): Path {
    if (
      cached !== null &&
      cached.generation === this.fib.generation &&
      this.world.scheduler.now < cached.expiresAt
    )
      return cached;
    const path = this.findPath(destination, source, boundIndex);
    if (typeof path === "string") {
      this.counters.ip.OutNoRoutes++;
      throw new KernelError(path);
    }
    return path;
  }

  /** The way to a destination, kept until routes, addresses or a path MTU change; the errno of the refusal when there is none. */
  findPath(destination: Ipv4, source: Ipv4 = 0, boundIndex = 0): Path | Errno {
    const paths = boundIndex === 0 ? this.paths : this.boundPaths(boundIndex);
    const key = destination | 0;
    const kept = paths.get(key);
    if (
      kept !== undefined &&
      kept.generation === this.fib.generation &&
      this.world.scheduler.now < kept.expiresAt
    )
      return kept;
    const path = findPath(this, destination, source, boundIndex);
    if (typeof path === "string") return path;
    if (path.type === "broadcast" || path.type === "multicast" || destination === 0) return path;
    if (paths.size >= 4096) paths.clear();
    paths.set(key, path);
    return path;
  }

  /** The ways of those who are bound to a device: tunnels, mostly. */
  private boundPaths(index: number): Map<number, Path> {
    let paths = this.pathsByDevice.get(index);
    if (paths === undefined) {
      paths = new Map();
      this.pathsByDevice.set(index, paths);
    }
    return paths;
  }

  selectSource(destination: Ipv4, boundIndex = 0): Ipv4 {
    return this.pathTo(destination, 0, boundIndex, null).source;
  }

  pathMtu(destination: Ipv4): number {
    const path = this.findPath(destination);
    return typeof path === "string" ? 1500 : path.mtu;
  }

  takesSuperPackets(destination: Ipv4): boolean {
    const path = this.findPath(destination);
    if (typeof path === "string") return false;
    const { gso, tso } = path.device.features;
    return gso || tso;
  }

  /** "Fragmentation needed" has come: packets to `destination` are at most `mtu` bytes for ten minutes. */
  learnPathMtu(destination: Ipv4, mtu: number): void {
    const path = this.findPath(destination);
    if (typeof path !== "string" && this.pathMtus.learn(destination, mtu, path.mtu)) this.fib.changed();
  }

  isLocal(address: Ipv4): boolean {
    return this.fib.lookup(address)?.type === "local";
  }

  canBind(address: Ipv4): boolean {
    if (address === 0 || this.sysctls.number("net.ipv4.ip_nonlocal_bind") !== 0) return true;
    const type = this.fib.lookup(address)?.type;
    return type === "local" || type === "broadcast" || address >>> 28 === 0xe;
  }

  /** The namespace dies (the last process and name are gone): its devices go, with the other ends of veth pairs. Network cards stay with their cable, down. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.tcpSockets?.dispose();
    for (const device of [...this.devices.values()]) removeDevice(this, device);
    this.reassembly.clear();
  }
}
