import { deleteAddress } from "../../../stack/config/address.js";
import { netlink, ToolExit } from "../../tool-exit.js";
import type { IpRun } from "../run.js";
import { readSelection, selectsAddress, selectsDevice } from "../select.js";
import { addressesOf } from "./addresses-of.js";

/** `ip address flush SELECTION`: deletes every IPv4 address that the same `show` would list. IPv6 addresses are the kernel's own here and stay. */
export function flushSelected(run: IpRun, words: readonly string[]): number {
  if (words.length === 0) throw new ToolExit(1, "Flush requires arguments.\n");
  const selection = readSelection(run, words, false);
  let count = 0;
  for (const device of run.netns.devices.values()) {
    if (!selectsDevice(selection, device)) continue;
    for (const shown of addressesOf(run, device)) {
      const { assigned } = shown;
      if (
        assigned === null ||
        !selectsAddress(selection, shown, run.options.family) ||
        !device.addresses.includes(assigned)
      )
        continue;
      netlink(() => deleteAddress(run.netns, device, assigned.address, assigned.prefix));
      count++;
    }
  }
  if (run.options.statistics > 0) run.write(summary(count));
  return 0;
}

/** What -s says after a flush: one round finds all, a second sees that nothing is left. */
export function summary(count: number, what = "addresses"): string {
  if (count === 0) return "Nothing to flush.\n";
  return `\n*** Round 1, deleting ${count} ${what} ***\n*** Flush is complete after 1 round ***\n`;
}
