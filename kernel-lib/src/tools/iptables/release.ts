import type { Process } from "../../host/process.js";

/** `v1.8.9 (legacy)`: the release of the machine's iptables. Before 1.8 there was one back end, and no word for it. */
export function versionText({ host }: Process): string {
  const [, minor = "0"] = host.iptablesRelease.split(".");
  return `v${host.iptablesRelease}${Number(minor) >= 8 ? " (legacy)" : ""}`;
}
