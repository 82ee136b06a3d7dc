import type { Bridge } from "../link/bridge.js";
import type { BridgeNetfilter, BridgeVerdict } from "../link/bridge-netfilter.js";
import type { BridgePort } from "../link/bridge-port.js";
import type { Device } from "../link/device.js";
import type { HookName } from "../netfilter/hook.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { ipv4, isFragment } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { checkIpv4 } from "./checks.js";
import { fragment } from "./fragment.js";
import { runHook } from "./hooks.js";
import type { Netns } from "./netns.js";
import { Reassembly } from "./reassembly.js";
import { sourceFault } from "./receive.js";
import { drop, place } from "./record.js";

/**
 * br_netfilter: IPv4 frames on a bridge pass PREROUTING, FORWARD and POSTROUTING of the namespace, with the bridge as their device, their TTL untouched
 * (net/bridge/br_netfilter_hooks.c). While connections are tracked, fragments are put together before PREROUTING and cut again after POSTROUTING.
 */
export class BridgeNetfilterHooks implements BridgeNetfilter {
  /** Fragments on bridges wait apart from those that are routed (IP_DEFRAG_CONNTRACK_BRIDGE_IN). */
  private readonly reassembly: Reassembly;

  constructor(private readonly netns: Netns) {
    this.reassembly = new Reassembly(netns);
  }

  preRouting(bridge: Bridge, port: BridgePort, packet: Packet): BridgeVerdict {
    const { netns } = this;
    if (
      !netns.sysctls.bridgeCallsIptables ||
      ethernet.type.get(packet.bytes, packet.start) !== ETHERTYPE_IPV4
    ) {
      packet.bridgeInput = "";
      return "accept";
    }
    if (netns.hooks.count === 0) return "accept";
    packet.pull(ETHERNET_LENGTH);
    if (checkIpv4(packet) !== null) {
      packet.start -= ETHERNET_LENGTH;
      return "drop";
    }
    if (netns.netfilter.conntrack.active && isFragment(packet.bytes, packet.start)) {
      this.assemble(bridge, port, packet);
      return "stolen";
    }
    return this.runPreRouting(bridge, packet);
  }

  /** Keeps a fragment, with the last one of a packet the whole goes on. The frame's header is that of the last. */
  private assemble(bridge: Bridge, port: BridgePort, packet: Packet): void {
    const at = packet.start - ETHERNET_LENGTH;
    const header = packet.bytes.slice(at, packet.start);
    const { bridgeInput } = packet;
    const whole = this.reassembly.add(packet, bridge);
    if (whole === null) return;
    whole.push(ETHERNET_LENGTH);
    whole.bytes.set(header, whole.start);
    whole.pull(ETHERNET_LENGTH);
    whole.bridgeInput = bridgeInput;
    const verdict = this.runPreRouting(bridge, whole);
    if (verdict === "drop") drop(this.netns, whole, "NETFILTER_DROP", "PREROUTING");
    else if (verdict === "accept") bridge.resume(port, whole);
  }

  /** The packet starts at its IPv4 header, and at its frame's again when it is accepted. */
  private runPreRouting(bridge: Bridge, packet: Packet): BridgeVerdict {
    const { netns } = this;
    const before = ipv4.destination.get(packet.bytes, packet.start);
    const verdict = runHook(netns, "PREROUTING", packet, bridge, null);
    if (verdict !== "accept") return verdict;
    const after = ipv4.destination.get(packet.bytes, packet.start);
    packet.start -= ETHERNET_LENGTH;
    return after === before ? "accept" : this.redirect(bridge, packet, after);
  }

  /** A connection that begins with a flooded frame is confirmed here, before the host's own rules can end it (br_nf_local_in). */
  localIn(packet: Packet): BridgeVerdict {
    if (packet.type === "host" || packet.connection === null) return "accept";
    return this.netns.netfilter.conntrack.confirm(packet);
  }

  forward(bridge: Bridge, _input: BridgePort, _output: BridgePort, packet: Packet): BridgeVerdict {
    return this.run("FORWARD", packet, bridge, bridge);
  }

  postRouting(bridge: Bridge, input: BridgePort | null, output: BridgePort, packet: Packet): BridgeVerdict {
    if (input === null) return "accept";
    const verdict = this.run("POSTROUTING", packet, null, bridge);
    if (verdict !== "accept" || packet.bridgeInput === "") return verdict;
    const { mtu } = output.device;
    const limit = Math.min(packet.fragments?.longest ?? mtu, mtu);
    if (packet.length - ETHERNET_LENGTH <= limit || packet.gsoSize !== 0) return "accept";
    const whole = ipv4.dontFragment.get(packet.bytes, packet.start + ETHERNET_LENGTH) === 1;
    if (packet.fragments === null ? whole : packet.fragments.longest > bridge.mtu) {
      this.netns.counters.ip.FragFails++;
      bridge.drop(packet, "PKT_TOO_BIG");
      return "stolen";
    }
    return this.cut(bridge, output, packet, Math.min(packet.fragments?.longest ?? bridge.mtu, bridge.mtu));
  }

  /**
   * Too large for the port, or put together before: it leaves in fragments of at most `limit` bytes, which is what the bridge itself takes (br_nf_ip_fragment),
   * "don't fragment" gone. The port may still find them too large. One that
   * must stay whole was dropped, without a word to its sender.
   */
  private cut(bridge: Bridge, output: BridgePort, packet: Packet, limit: number): BridgeVerdict {
    const { world } = this.netns;
    const header = packet.bytes.slice(packet.start, packet.start + ETHERNET_LENGTH);
    packet.pull(ETHERNET_LENGTH);
    ipv4.dontFragment.set(packet.bytes, packet.start, 0);
    const pieces = fragment(world, packet, limit);
    if (world.recorder !== null && packet.journey !== 0)
      world.recorder.record({
        kind: "fragment",
        ...place(this.netns, packet),
        pieces: pieces.length,
        mtu: limit,
      });
    packet.release();
    this.netns.counters.ip.FragOKs++;
    this.netns.counters.ip.FragCreates += pieces.length;
    for (const piece of pieces) {
      piece.push(ETHERNET_LENGTH);
      piece.bytes.set(header, piece.start);
      bridge.push(output, piece);
    }
    return "stolen";
  }

  private run(hook: HookName, packet: Packet, input: Device | null, output: Device): BridgeVerdict {
    const { netns } = this;
    if (packet.bridgeInput === "" || netns.hooks.count === 0) return "accept";
    packet.pull(ETHERNET_LENGTH);
    const verdict = runHook(netns, hook, packet, input, output);
    if (verdict === "accept") packet.start -= ETHERNET_LENGTH;
    return verdict;
  }

  /** DNAT has changed the destination: to the new one's MAC when it is on this bridge, else up to the host, which routes it (br_nf_pre_routing_finish). */
  private redirect(bridge: Bridge, packet: Packet, destination: number): BridgeVerdict {
    const { netns } = this;
    const path = netns.findPath(destination);
    const source = ipv4.source.get(packet.bytes, packet.start + ETHERNET_LENGTH);
    if (typeof path === "string" || sourceFault(netns, bridge, source, destination) !== null) return "drop";
    if (path.device !== bridge || path.type !== "unicast") {
      ethernet.destination.set(packet.bytes, packet.start, bridge.mac);
      return "accept";
    }
    const neighbour = netns.neighbours.obtain(path.nextHop, bridge);
    packet.pull(ETHERNET_LENGTH);
    if (!netns.neighbours.use(neighbour, packet)) return "stolen";
    packet.start -= ETHERNET_LENGTH;
    ethernet.destination.set(packet.bytes, packet.start, neighbour.mac!);
    return "accept";
  }
}

/** What the module brings to /proc/sys/net/bridge. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ["net.bridge.bridge-nf-call-arptables", "1"],
  ["net.bridge.bridge-nf-call-ip6tables", "1"],
  ["net.bridge.bridge-nf-call-iptables", "1"],
  ["net.bridge.bridge-nf-filter-pppoe-tagged", "0"],
  ["net.bridge.bridge-nf-filter-vlan-tagged", "0"],
  ["net.bridge.bridge-nf-pass-vlan-input-dev", "0"],
];

/** The module br_netfilter reaches a namespace: its bridges call iptables from now on, those to come too. */
export function loadBridgeNetfilter(netns: Netns): void {
  if (netns.bridgeNetfilter !== null) return;
  const hooks = new BridgeNetfilterHooks(netns);
  netns.bridgeNetfilter = hooks;
  for (const [name, value] of SETTINGS) netns.sysctls.provide(name, value);
  for (const device of netns.devices.values())
    if (device.kind === "bridge") (device as Bridge).netfilter = hooks;
}
