import { formatIpv4, formatMac } from "../../../base/addresses.js";
import type { Neighbour } from "../../../route/neighbour.js";

export interface NeighbourPrintOptions {
  readonly brief: boolean;
  readonly statistics: boolean;
  /** The listing is about one device, so its name is left out. */
  readonly hideDevice: boolean;
  readonly now: number;
}

/** States in which a timer runs: it holds a reference, which -s shows. */
const TIMED: readonly string[] = ["INCOMPLETE", "REACHABLE", "DELAY", "PROBE"];

/** One entry as `ip neigh` prints it, with the blank at its end. -s adds seconds since used, confirmed and updated, and probes sent. */
export function printNeighbour(entry: Neighbour, options: NeighbourPrintOptions): string {
  const address = formatIpv4(entry.address);
  if (options.brief) {
    const device = options.hideDevice ? "" : `${entry.device.name.padEnd(16)} `;
    return `${address.padEnd(39)} ${device}${entry.mac === null ? "" : `${formatMac(entry.mac)} `}`;
  }
  const device = options.hideDevice ? "" : `dev ${entry.device.name} `;
  const lladdr = entry.mac === null ? "" : `lladdr ${formatMac(entry.mac)} `;
  return `${address} ${device}${lladdr}${options.statistics ? ages(entry, options.now) : ""}${entry.state === "NONE" ? "" : `${entry.state} `}`;
}

function ages(entry: Neighbour, now: number): string {
  const seconds = (at: number): number => Math.floor((now - at) / 1e9);
  const reference = TIMED.includes(entry.state) ? " ref 1" : "";
  const used = `${seconds(entry.usedAt)}/${seconds(entry.confirmedAt)}/${seconds(entry.updatedAt)}`;
  return `${reference} used ${used}probes ${entry.probes} `;
}
