import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import type { Bridge } from "../../kernel-lib/src/link/bridge.js";
import type { Device } from "../../kernel-lib/src/link/device.js";
import { addAddress } from "../../kernel-lib/src/stack/config/address.js";
import { createLink, setLink } from "../../kernel-lib/src/stack/config/link.js";
import { addRoute } from "../../kernel-lib/src/stack/config/route.js";
import { Netns } from "../../kernel-lib/src/stack/netns.js";
import { Cpu } from "../../kernel-lib/src/trace/cpu.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** A machine with a bridge 172.17.0.1/16 and containers on it, as Docker wires them. */
export interface BridgedHost {
  readonly world: World;
  readonly cpu: Cpu;
  readonly host: Netns;
  readonly bridge: Bridge;
  readonly containers: readonly Netns[];
}

export function newNetns(world: World, cpu: Cpu, label: string, id: number): Netns {
  return new Netns({ world, cpu, machine: "m1", label, id });
}

export function bridgedHost(containers = 2, { seed = 7, world = new World(seed) } = {}): BridgedHost {
  const cpu = new Cpu(world.scheduler);
  const host = newNetns(world, cpu, "host", 4026531840);
  setLink(host, host.loopback, { up: true });
  const bridge = createLink(host, { kind: "bridge", name: "docker0" }) as Bridge;
  addAddress(host, bridge, {
    address: parseIpv4("172.17.0.1"),
    prefix: 16,
    broadcast: parseIpv4("172.17.255.255"),
  });
  setLink(host, bridge, { up: true });
  const made: Netns[] = [];
  for (let i = 0; i < containers; i++) made.push(addContainer(world, cpu, host, bridge, i));
  return { world, cpu, host, bridge, containers: made };
}

function addContainer(world: World, cpu: Cpu, host: Netns, bridge: Bridge, i: number): Netns {
  const netns = newNetns(world, cpu, `c${i + 1}`, 4026532000 + i);
  setLink(netns, netns.loopback, { up: true });
  const outer = createLink(host, { kind: "veth", name: `veth${i}`, peer: { name: `tmp${i}` } });
  setLink(host, outer, { master: bridge, up: true });
  const inner = outer.link!;
  setLink(host, inner, { netns, name: "eth0" });
  setLink(netns, inner, { mac: 0x0242ac110002 + i });
  addAddress(netns, inner, {
    address: parseIpv4("172.17.0.2") + i,
    prefix: 16,
    broadcast: parseIpv4("172.17.255.255"),
  });
  setLink(netns, inner, { up: true });
  addRoute(netns, {
    destination: { address: 0, prefix: 0 },
    gateway: parseIpv4("172.17.0.1"),
    device: inner,
  });
  return netns;
}

export function eth0(netns: Netns): Device {
  return netns.device("eth0")!;
}
