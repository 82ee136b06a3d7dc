import { type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Process } from "../../host/process.js";
import type { Device } from "../../link/device.js";
import { errnoText, ToolExit } from "../tool-exit.js";
import type { ArpingOptions } from "./session.js";

/** The address that probes are sent from: the given one, none for -D, the target's own for -U and -A, else what the kernel would take. */
export function probeSource(
  process: Process,
  device: Device,
  target: Ipv4,
  options: ArpingOptions,
  given: Ipv4 | null,
): Ipv4 {
  const { netns } = process;
  const source = given ?? (options.unsolicited ? target : null);
  if (source !== null && source !== 0 && !netns.isLocal(source))
    throw new ToolExit(2, "arping: bind: Cannot assign requested address\n");
  if (source !== null) return source;
  if (options.duplicate) return 0;
  if (netns.isLocal(target)) return target;
  try {
    return netns.selectSource(target, device.ifindex);
  } catch (error) {
    throw new ToolExit(2, `arping: connect: ${errnoText(error)}\n`);
  }
}

/** Whether ARP can be asked over the device. */
export function isArpable(device: Device): boolean {
  return device.arp && device.kind !== "loopback";
}

/** `-s ADDRESS`; throws with `complaint` when it is none. */
export function readSource(text: string | null, complaint: string): Ipv4 | null {
  if (text === null) return null;
  const address = tryParseIpv4(text);
  if (address === null) throw new ToolExit(2, complaint);
  return address;
}
