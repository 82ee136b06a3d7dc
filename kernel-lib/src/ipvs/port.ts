import type { Ipv4 } from "../base/addresses.js";
import type { HookTable } from "../netfilter/hook.js";
import type { Netfilter } from "../netfilter/netfilter.js";
import type { Path } from "../route/path.js";
import type { World } from "../trace/world.js";
import type { Packet } from "../wire/packet.js";

/** What IPVS needs of its namespace. */
export interface IpvsPort {
  readonly world: World;
  readonly hooks: HookTable;
  readonly netfilter: Netfilter;
  /** The kernel drops the SYN that begins a tracked connection anew (Linux before 5.9). */
  readonly dropsReused: boolean;
  /** The way to a real server; null when there is none. */
  findPath(address: Ipv4): Path | null;
  /** The next IPv4 identification of a flow. */
  identify(source: Ipv4, destination: Ipv4, protocol: number): number;
  /** Sends a packet on by OUTPUT and POSTROUTING, once the hook that it was in has ended. */
  send(packet: Packet, path: Path): void;
  /** ICMP about a packet, which stays the caller's. */
  sendUnreachable(packet: Packet, code: number): void;
  sendTimeExceeded(packet: Packet): void;
  sendFragmentationNeeded(packet: Packet, mtu: number): void;
}
