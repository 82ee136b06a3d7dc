import type { Device } from "../../link/device.js";
import { addressesOf } from "./address/addresses-of.js";
import { printAddress, printAddressBrief, printAddressOneLine } from "./address/print.js";
import { linkJson, writeJson } from "./json.js";
import { briefStart, printLink, printLinkBrief } from "./link/print-link.js";
import { printStatistics } from "./link/statistics.js";
import type { IpRun } from "./run.js";
import { type Selection, type ShownAddress, selectsAddress, selectsDevice } from "./select.js";

/** `ip link show` and `ip address show` are one listing (ipaddr_list_flush_or_save): devices by index, each with its addresses. */
export function showDevices(run: IpRun, selection: Selection, forLink: boolean): number {
  const family = selection.to === null ? run.options.family : "inet";
  const wantsAddresses = !forLink && family !== "link";
  const found: unknown[] = [];
  for (const device of [...run.netns.devices.values()].sort((a, b) => a.ifindex - b.ifindex)) {
    if (!selectsDevice(selection, device)) continue;
    const all = addressesOf(run, device);
    const addresses = all.filter((address) => selectsAddress(selection, address, family));
    if (wantsAddresses && addresses.length === 0 && (all.length > 0 || family !== null)) continue;
    if (run.options.json) {
      const shown = forLink ? null : family === "link" ? [] : addresses;
      found.push(linkJson(run, device, { addresses: shown, family: run.options.family }));
    } else
      run.write(
        forLink ? onlyLink(run, device) : withAddresses(run, device, { selection, addresses, family }),
      );
  }
  if (run.options.json) writeJson(run, found);
  return 0;
}

function onlyLink(run: IpRun, device: Device): string {
  if (run.options.brief) return printLinkBrief(device);
  return printLink(run, device, {
    forLink: true,
    family: run.options.family === "link" ? null : run.options.family,
  });
}

interface Shown {
  readonly selection: Selection;
  readonly addresses: readonly ShownAddress[];
  readonly family: string | null;
}

function withAddresses(run: IpRun, device: Device, { selection, addresses, family }: Shown): string {
  const { options } = run;
  if (options.brief) return `${briefStart(device)}${addresses.map(printAddressBrief).join("")}\n`;
  if (options.oneline) return addresses.map((address) => printAddressOneLine(device, address)).join("");
  const shown = family === "link" ? [] : addresses;
  let text = selection.label === null ? printLink(run, device, { forLink: false, family }) : "";
  text += shown.map((address) => printAddress(address)).join("");
  if (selection.label === null && options.statistics > 0) text += `${printStatistics(device, options)}\n`;
  return text;
}
