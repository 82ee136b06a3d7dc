import type { Device } from "../link/device.js";
import type { HookName } from "../netfilter/hook.js";
import type { Packet } from "../wire/packet.js";
import type { Netns } from "./netns.js";
import { drop } from "./record.js";

/** Passes a packet through one hook. True when it goes on; otherwise its way has ended or another has taken it. */
export function passes(
  netns: Netns,
  hook: HookName,
  packet: Packet,
  input: Device | null,
  output: Device | null,
): boolean {
  if (netns.hooks.count === 0) return true;
  packet.elapsed += netns.world.costs.hook;
  const verdict = netns.hooks.run(hook, packet, input, output);
  if (verdict === "accept") return true;
  if (verdict === "drop") drop(netns, packet, "NETFILTER_DROP", hook);
  return false;
}
