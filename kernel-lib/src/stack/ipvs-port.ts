import { Ipvs } from "../ipvs/ipvs.js";
import type { IpvsPort } from "../ipvs/port.js";
import { IPVS_SYSCTLS } from "../ipvs/settings.js";
import type { Path } from "../route/path.js";
import type { Packet } from "../wire/packet.js";
import { passes } from "./hooks.js";
import { sendFragmentationNeeded, sendTimeExceeded, sendUnreachable } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { output } from "./transmit.js";

/** Packets that IPVS has taken out of a hook: they go on when that hook is over, so that a trace has their next hooks after it. */
export class BalancedPackets {
  private packet: Packet | null = null;
  private path: Path | null = null;

  constructor(private readonly netns: Netns) {}

  hold(packet: Packet, path: Path): void {
    this.packet = packet;
    this.path = path;
  }

  /** The packet goes by OUTPUT and POSTROUTING to its server, as if it were made here (ip_vs_nat_send_or_cont). */
  goOn(): void {
    const { netns, packet, path } = this;
    if (packet === null || path === null) return;
    this.packet = null;
    if (passes(netns, "OUTPUT", packet, null, path.device)) output(netns, packet, path);
  }
}

/** Loads IPVS into a namespace: its settings appear with it. */
export function loadIpvs(netns: Netns): Ipvs {
  const ipvs = new Ipvs(ipvsPort(netns));
  netns.sysctls.ipvsChanged = (name, value) => ipvs.settings.set(name, value);
  for (const [name, value] of IPVS_SYSCTLS) netns.sysctls.provide(`net.ipv4.vs.${name}`, value);
  return ipvs;
}

function ipvsPort(netns: Netns): IpvsPort {
  return {
    world: netns.world,
    hooks: netns.hooks,
    netfilter: netns.netfilter,
    dropsReused: netns.kernel.dropsReused,
    findPath(address) {
      const path = netns.findPath(address);
      return typeof path === "string" ? null : path;
    },
    identify: (source, destination, protocol) =>
      netns.identification.next(netns.world.scheduler.now, source, destination, protocol),
    send: (packet, path) => netns.balanced.hold(packet, path),
    sendUnreachable: (packet, code) => sendUnreachable(netns, packet, code),
    sendTimeExceeded(packet) {
      netns.counters.ip.InHdrErrors++;
      sendTimeExceeded(netns, packet, 0);
    },
    sendFragmentationNeeded: (packet, mtu) => sendFragmentationNeeded(netns, packet, mtu),
  };
}
