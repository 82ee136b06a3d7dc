import type { Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { DeviceKind } from "../../link/device-kind.js";
import type { Netns } from "../netns.js";

const MAX_NAME_LENGTH = 15;
const MIN_MTU = 68;
const MAX_MTU: Readonly<Record<DeviceKind, number>> = {
  loopback: 0x7fffffff,
  veth: 65535,
  bridge: 65535,
  nic: 9000,
  vxlan: 65535,
  dummy: 0x7fffffff,
};

/** Throws what the kernel answers to a name that is too long, malformed or taken (dev_valid_name). */
export function checkName(netns: Netns, name: string): void {
  if (name.length > MAX_NAME_LENGTH) throw new KernelError("ERANGE", "Attribute failed policy validation.");
  if (name === "" || name === "." || name === ".." || /[/:\s]/.test(name)) throw new KernelError("EINVAL");
  if (netns.device(name) !== undefined) throw new KernelError("EEXIST");
}

/** `veth%d` becomes the first of veth0, veth1, … that is free; other names stay. `taken` is not used either. */
export function numberedName(netns: Netns, pattern: string, taken = ""): string {
  if (!pattern.includes("%d")) return pattern;
  for (let i = 0; ; i++) {
    const name = pattern.replace("%d", String(i));
    if (netns.device(name) === undefined && name !== taken) return name;
  }
}

export function checkMtu(kind: DeviceKind, mtu: number): void {
  const least = kind === "loopback" || kind === "dummy" ? 0 : MIN_MTU;
  if (mtu < least) throw new KernelError("EINVAL", "mtu less than device minimum.");
  if (mtu > MAX_MTU[kind]) throw new KernelError("EINVAL", "mtu greater than device maximum.");
}

/** An address that a device may have: not zero, not a group. */
export function isUnicast(mac: Mac): boolean {
  return mac !== 0 && (Math.floor(mac / 2 ** 40) & 1) === 0;
}
