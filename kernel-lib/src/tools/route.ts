import { formatIpv4, prefixMask } from "../base/addresses.js";
import type { Program } from "../host/process.js";
import { type Route, TABLE_MAIN } from "../route/route.js";
import { ToolExit, tool } from "./tool-exit.js";

const HEADING =
  "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n";

function printRoute({ destination, gateway, device, metric, type }: Route): string {
  const refused = type === "unreachable" || type === "prohibit";
  const flags = refused
    ? "!H".slice(0, destination.prefix === 32 ? 2 : 1)
    : `U${gateway === 0 ? "" : "G"}${destination.prefix === 32 ? "H" : ""}`;
  const columns = [destination.address, refused ? null : gateway, prefixMask(destination.prefix)];
  const texts = columns.map((address) => (address === null ? "-" : formatIpv4(address)).padEnd(15));
  const count = refused ? "-" : "0";
  return `${texts.join(" ")} ${flags.padEnd(5)} ${`${metric}`.padEnd(6)} ${count.padEnd(2)} ${(refused ? "-" : "0").padStart(7)} ${device?.name ?? "-"}\n`;
}

/** `route -n` of net-tools 2.10. Changing routes by it, and names instead of numbers, are refused: `ip route` does the one. */
export const route: Program = tool((process) => {
  const words = process.argv.slice(1);
  if (words.length !== 1 || words[0] !== "-n")
    throw new ToolExit(1, 'route: only "route -n" is supported here\n');
  const routes = process.netns.fib
    .list(TABLE_MAIN)
    .filter(({ type }) => type === "unicast" || type === "unreachable" || type === "prohibit");
  process.stdout.write(HEADING + routes.map(printRoute).join(""));
  return 0;
});
