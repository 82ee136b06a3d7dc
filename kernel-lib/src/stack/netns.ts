import type { Ipv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import type { Device, Home } from "../link/device.js";
import { Loopback } from "../link/loopback.js";
import { HookTable } from "../netfilter/hook.js";
import { Fib } from "../route/fib.js";
import { NeighbourTable } from "../route/neighbour.js";
import { IcmpSockets } from "../socket/icmp.js";
import type { Ipv4Output, SendOptions } from "../socket/ipv4-output.js";
import { TcpSockets } from "../socket/tcp/tcp-sockets.js";
import { UdpSockets } from "../socket/udp.js";
import type { Cpu } from "../trace/cpu.js";
import type { World } from "../trace/world.js";
import type { Packet } from "../wire/packet.js";
import { SnmpCounters } from "./counters.js";
import { SysctlTable } from "./sysctl.js";

export interface NetnsOptions {
  readonly world: World;
  readonly cpu: Cpu;
  readonly machine: string;
  /** The machine's or container's name, for traces. */
  readonly label: string;
  /** Inode number. */
  readonly id: number;
}

/** A network namespace: it owns devices, tables and sockets; what is done with packets is in the other files of this folder. */
export class Netns implements Home, Ipv4Output {
  readonly world: World;
  readonly cpu: Cpu;
  readonly machine: string;
  readonly id: number;
  label: string;
  readonly devices: ReadonlyMap<number, Device> = new Map();
  readonly loopback: Loopback;
  readonly fib = new Fib();
  readonly neighbours = new NeighbourTable();
  readonly hooks = new HookTable();
  readonly sysctls = new SysctlTable();
  readonly counters = new SnmpCounters();
  readonly udp: UdpSockets;
  readonly icmp: IcmpSockets;
  private tcpSockets: TcpSockets | null = null;

  constructor(options: NetnsOptions) {
    this.world = options.world;
    this.cpu = options.cpu;
    this.machine = options.machine;
    this.label = options.label;
    this.id = options.id;
    this.loopback = new Loopback(this);
    this.udp = new UdpSockets(this);
    this.icmp = new IcmpSockets(this);
  }

  /** Made at first use. */
  get tcp(): TcpSockets {
    this.tcpSockets ??= new TcpSockets(this);
    return this.tcpSockets;
  }

  device(name: string): Device | undefined {
    for (const device of this.devices.values()) if (device.name === name) return device;
    return undefined;
  }

  deviceByIndex(index: number): Device | undefined {
    return this.devices.get(index);
  }

  /** The id by which this namespace knows another one (`link-netnsid`), given on demand; -1 for itself. */
  netnsIdOf(_other: Netns): number {
    return -1;
  }

  /** The id, if one was given already. */
  peekNetnsId(_other: Netns): number | null {
    return null;
  }

  receive(packet: Packet, device: Device): void {
    device.drop(packet, "UNHANDLED_PROTO");
  }

  deviceChanged(_device: Device): void {}

  send(packet: Packet, _options: SendOptions): void {
    packet.release();
    throw new KernelError("ENETUNREACH");
  }

  selectSource(_destination: Ipv4, _boundIndex = 0): Ipv4 {
    throw new KernelError("ENETUNREACH");
  }

  pathMtu(_destination: Ipv4): number {
    return 1500;
  }

  isLocal(_address: Ipv4): boolean {
    return false;
  }

  /** The namespace dies: its devices go, with the other ends of veth pairs. */
  dispose(): void {}
}
