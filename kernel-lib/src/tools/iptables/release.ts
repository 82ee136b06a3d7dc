import type { Process } from "../../host/process.js";

/** `v1.8.9 (legacy)`: the release of the machine's iptables. Before 1.8 there was one back end, and no word for it. */
export function versionText({ host }: Process): string {
  return `v${host.iptablesRelease}${isAtLeast(host.iptablesRelease, 1, 8, 0) ? " (legacy)" : ""}`;
}

/** `-L -n` shows protocols as numbers. */
export function numbersProtocols({ host }: Process): boolean {
  return isAtLeast(host.iptablesRelease, 1, 8, 9);
}

function isAtLeast(release: string, ...least: readonly number[]): boolean {
  const parts = release.split(".").map(Number);
  const at = least.findIndex((part, i) => parts[i] !== part);
  return at < 0 || (parts[at] ?? 0) > least[at]!;
}
