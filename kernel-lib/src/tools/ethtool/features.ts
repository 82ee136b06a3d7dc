import type { Process } from "../../host/process.js";
import type { Device } from "../../link/device.js";
import { ALL_FEATURES, type FeatureName } from "../../link/feature-names.js";
import type { Features } from "../../link/features.js";
import { ToolExit } from "../tool-exit.js";
import { FEATURE_GROUPS, featuresNamed, UNGROUPED } from "./feature-groups.js";

function onOff(on: boolean): string {
  return on ? "on" : "off";
}

function stateOf(features: Features, name: FeatureName): string {
  const on = features.has(name);
  if (features.isFixed(name)) return `${onOff(on)} [fixed]`;
  const wanted = features.isWanted(name);
  return wanted === on ? onOff(on) : `${onOff(on)} [requested ${onOff(wanted)}]`;
}

/** `ethtool -k DEVICE`: groups first, with their members below them where there are several. */
export function showFeatures({ name, features }: Device): string {
  const lines = [`Features for ${name}:`];
  for (const group of FEATURE_GROUPS) {
    const [first, ...rest] = group.features;
    if (first === undefined) continue;
    if (rest.length === 0) {
      lines.push(`${group.name}: ${stateOf(features, first)}`);
      continue;
    }
    lines.push(`${group.name}: ${onOff(group.features.some((member) => features.has(member)))}`);
    for (const member of group.features) lines.push(`\t${member}: ${stateOf(features, member)}`);
  }
  for (const feature of UNGROUPED) lines.push(`${feature}: ${stateOf(features, feature)}`);
  return `${lines.join("\n")}\n`;
}

/** What may be changed here. All others that a device could change stand for packets that no lab has (GRE, SCTP, VLAN tags) or for what it does not do. */
const CHANGEABLE: ReadonlySet<FeatureName> = new Set([
  ...["rx", "tx", "sg", "tso", "gso", "gro"].flatMap((word) => featuresNamed(word) ?? []),
  "tx-udp_tnl-segmentation",
  "tx-udp_tnl-csum-segmentation",
] as const);

/** The pairs of `ethtool -K DEVICE FEATURE on|off …`. */
function readRequests(device: Device, words: readonly string[]): Map<FeatureName, boolean> {
  const requests = new Map<FeatureName, boolean>();
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1];
    if (value !== "on" && value !== "off")
      throw new ToolExit(
        1,
        `ethtool (-K): flag '${value ?? "(null)"}' for parameter '(null)' is not followed by 'on' or 'off'\n`,
      );
    const named = featuresNamed(words[i]!);
    if (named === null) throw new ToolExit(92, unknownFeature(device.name));
    for (const feature of named) requests.set(feature, value === "on");
  }
  for (const [feature, on] of requests) refuseUnmodelled(device.features, feature, on);
  return requests;
}

/** The kernel names the place in its message: behind the device's name, which is padded to four bytes. */
function unknownFeature(device: string): string {
  const offset = 48 + Math.ceil((device.length + 1) / 4) * 4;
  return `netlink error: bit name not found (offset ${offset})\nnetlink error: Operation not supported\n`;
}

function refuseUnmodelled(features: Features, feature: FeatureName, on: boolean): void {
  if (features.isFixed(feature) || features.has(feature) === on) return;
  const merges = feature === "rx-gro" && on;
  if (merges || !CHANGEABLE.has(feature))
    throw new ToolExit(1, `ethtool: feature "${feature}" is not supported here\n`);
}

/** `ethtool -K`: says only what came out otherwise than asked (show_feature_changes). */
export function changeFeatures(process: Process, device: Device, words: readonly string[]): number {
  const requests = readRequests(device, words);
  const { refused, changed } = device.features.change(requests);
  const nothing = refused.length === requests.size;
  if (nothing) process.stderr.write("Could not change any device features\n");
  if (refused.length > 0 || changed.some((name) => !requests.has(name))) {
    process.stdout.write("Actual changes:\n");
    for (const name of ALL_FEATURES) {
      const on = onOff(device.features.has(name));
      if (refused.includes(name))
        process.stdout.write(`${name}: ${on} [requested ${onOff(requests.get(name)!)}]\n`);
      else if (changed.includes(name))
        process.stdout.write(`${name}: ${on}${requests.has(name) ? "" : " [not requested]"}\n`);
    }
  }
  return nothing ? 1 : 0;
}
