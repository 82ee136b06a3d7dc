import type { Device } from "./device.js";

/** Interface flags of Linux (include/uapi/linux/if.h). */
export const IFF = {
  UP: 0x1,
  BROADCAST: 0x2,
  LOOPBACK: 0x8,
  RUNNING: 0x40,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  MULTICAST: 0x1000,
  LOWER_UP: 0x10000,
} as const;

/** What dev_get_flags tells: settings of the administrator and state of the link. */
export function interfaceFlags(device: Device): number {
  let flags: number = device.kind === "loopback" ? IFF.LOOPBACK : IFF.BROADCAST;
  if (device.kind === "dummy" || !device.arp) flags |= IFF.NOARP;
  if (device.kind !== "dummy" && device.kind !== "loopback" && device.multicast) flags |= IFF.MULTICAST;
  if (device.promiscuous) flags |= IFF.PROMISC;
  if (device.allMulticast) flags |= IFF.ALLMULTI;
  if (!device.up) return flags;
  flags |= IFF.UP;
  const state = device.operState;
  if (state === "UP" || state === "UNKNOWN") flags |= IFF.RUNNING;
  if (device.carrier) flags |= IFF.LOWER_UP;
  return flags;
}

/** The queueing discipline at the root: software devices have none, a card has its machine's default; none is attached before the device is first set up. */
export function queueDiscipline(device: Device): string {
  if (device.qdisc !== null) return device.qdisc.kind;
  if (!device.activated) return "noop";
  return device.defaultQdisc;
}
