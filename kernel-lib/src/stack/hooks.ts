import type { Device } from "../link/device.js";
import type { HookName, Verdict } from "../netfilter/hook.js";
import type { HookStep } from "../trace/events.js";
import type { Packet } from "../wire/packet.js";
import { changesBetween, connectionState, headerTexts } from "./hook-trace.js";
import type { Netns } from "./netns.js";
import { drop, place } from "./record.js";

/** Passes a packet through one hook. True when it goes on; otherwise its way has ended or another has taken it. */
export function passes(
  netns: Netns,
  hook: HookName,
  packet: Packet,
  input: Device | null,
  output: Device | null,
): boolean {
  if (netns.hooks.count === 0) return true;
  const verdict = runHook(netns, hook, packet, input, output);
  if (verdict === "accept") return true;
  if (verdict === "drop") drop(netns, packet, "NETFILTER_DROP", hook);
  else netns.balanced.goOn();
  return false;
}

/** The same without ending a dropped packet: br_netfilter leaves that to the bridge. */
export function runHook(
  netns: Netns,
  hook: HookName,
  packet: Packet,
  input: Device | null,
  output: Device | null,
): Verdict {
  packet.elapsed += netns.world.costs.hook;
  if (netns.world.recorder !== null && packet.journey !== 0)
    return runTraced(netns, hook, packet, input, output);
  return netns.hooks.run(hook, packet, input, output);
}

/** While a trace is on: the tables tell what rules were met, and the hook becomes an event. */
function runTraced(
  netns: Netns,
  hook: HookName,
  packet: Packet,
  input: Device | null,
  output: Device | null,
): Verdict {
  const { netfilter } = netns;
  const outer = netfilter.steps;
  const steps: HookStep[] = [];
  netfilter.steps = steps;
  try {
    const before = headerTexts(packet);
    const verdict = netns.hooks.run(hook, packet, input, output);
    // A packet that IPVS takes goes on after the hook; one that others take (fragments) may be gone.
    const gone = verdict === "stolen" && !packet.balanced;
    netns.world.recorder?.record({
      kind: "hook",
      ...place(netns, packet),
      hook,
      verdict,
      input: input?.name ?? "",
      output: output?.name ?? "",
      ends: `${before.source} → ${before.destination}`,
      steps,
      changes: gone ? [] : changesBetween(before, headerTexts(packet)),
      connection: gone ? null : connectionState(netns, packet),
    });
    return verdict;
  } finally {
    netfilter.steps = outer;
  }
}
