import type { Device } from "../../../link/device.js";
import { type IpOptions, lineBreak } from "../run.js";

/** Least widths: "*X errors:", packets, errors, dropped, heartbt, overrun, compressed (size_columns in ipaddress.c). */
const LEAST_WIDTHS = [10, 7, 6, 7, 7, 7, 10];

/** The counters of `ip -s link` (print_stats64): columns grow with the numbers. Twice -s tells the kinds of errors, of which there are none here. */
export function printStatistics(device: Device, options: IpOptions): string {
  const { stats } = device;
  const rx = [stats.rxBytes, stats.rxPackets, stats.rxErrors, stats.rxDropped, 0, stats.rxMulticast];
  const tx = [stats.txBytes, stats.txPackets, stats.txErrors, stats.txDropped, stats.txCarrier, 0];
  const widths = LEAST_WIDTHS.map((least, i) =>
    Math.max(least, `${rx[i] ?? 0}`.length, `${tx[i] ?? 0}`.length),
  );
  const nl = lineBreak(options);
  const heading = (way: string, names: readonly string[]): string =>
    `    ${way}: ${names.map((name, i) => name.padStart(widths[i]! - (i === 0 ? 4 : 0))).join(" ")} ${" ".repeat(widths[6]!)}`;
  const row = (values: readonly number[]): string =>
    `    ${values.map((value, i) => `${`${value}`.padStart(widths[i]!)} `).join("")}`;
  const kinds = (way: string, names: readonly string[]): string =>
    `    ${way} errors:${" ".repeat(widths[0]! - 10)} ${names.map((name, i) => name.padStart(widths[i + 1]!)).join(" ")}`;
  const counts = (values: readonly number[]): string =>
    `    ${" ".repeat(widths[0]!)} ${values.map((value, i) => `${`${value}`.padStart(widths[i + 1]!)} `).join("")}`;
  const more = options.statistics > 1;
  return [
    heading("RX", ["bytes", "packets", "errors", "dropped", "missed", "mcast"]),
    row(rx),
    ...(more ? [kinds("RX", ["length", "crc", "frame", "fifo", "overrun"]), counts([0, 0, 0, 0, 0])] : []),
    heading("TX", ["bytes", "packets", "errors", "dropped", "carrier", "collsns"]),
    row(tx),
    ...(more
      ? [
          kinds("TX", ["aborted", "fifo", "window", "heartbt", "transns"]),
          counts([0, 0, 0, 0, transitions(device)]),
        ]
      : []),
  ].join(nl);
}

/** A device that reports its link begins without one, which the kernel counts as well; a bridge does so when it is first set up. */
function transitions({ kind, carrierChanges, activated }: Device): number {
  if (kind === "bridge") return activated ? carrierChanges + 1 : 0;
  return kind === "loopback" || kind === "dummy" || kind === "vxlan" ? 0 : carrierChanges + 1;
}
