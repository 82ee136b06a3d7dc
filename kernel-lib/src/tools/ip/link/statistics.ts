import type { Device } from "../../../link/device.js";
import { type IpOptions, lineBreak } from "../run.js";
import { unsupported } from "../words.js";

/** Least widths: "*X errors:", packets, errors, dropped, heartbt, overrun, compressed (size_columns in ipaddress.c). */
const LEAST_WIDTHS = [10, 7, 6, 7, 7, 7, 10];

/** The counters of `ip -s link` (print_stats64): columns grow with the numbers. Twice -s is refused: there are no error kinds to tell. */
export function printStatistics(device: Device, options: IpOptions): string {
  if (options.statistics > 1) throw unsupported('option "-statistics" twice for a link');
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
  return [
    heading("RX", ["bytes", "packets", "errors", "dropped", "missed", "mcast"]),
    row(rx),
    heading("TX", ["bytes", "packets", "errors", "dropped", "carrier", "collsns"]),
    row(tx),
  ].join(nl);
}
