import { formatMac } from "../../base/addresses.js";
import type { Process, Program } from "../../host/process.js";
import type { Device } from "../../link/device.js";
import { ToolExit, tool } from "../tool-exit.js";
import { driverText, statisticsText } from "./driver.js";
import { changeFeatures, showFeatures } from "./features.js";
import { linkSettingsText } from "./link-settings.js";

const BAD_ARGUMENTS = "ethtool: bad command line argument(s)\nFor more information run ethtool -h\n";
const NO_DEVICE = "netlink error: no device matches name (offset 24)\nnetlink error: No such device\n";

/** Long names of the options that are known here. */
const LONG: Readonly<Record<string, string>> = {
  "--show-features": "-k",
  "--show-offload": "-k",
  "--features": "-K",
  "--offload": "-K",
  "--driver": "-i",
  "--statistics": "-S",
  "--show-permaddr": "-P",
  "--version": "--version",
};

/** Options of the real program for what no lab models. */
const UNSUPPORTED =
  /^(-[sacCAgGeEdrptnuNUxXfTwWmlLhjQVI]|--(change|show-.*|pause|coalesce|set-.*|channels|rxfh|config-.*|module-info|dump-module.*|register-dump|eeprom-dump|change-eeprom|negotiate|identify|test|flash|reset|monitor|help|json|debug|phy-statistics|per-queue|cable-test.*|include-statistics))$/;

/** `ethtool`: what a device's driver does for the kernel, and its link (ethtool 6.1). */
export const ethtool: Program = tool((process) => {
  const [word = "", ...rest] = process.argv.slice(1);
  const option = LONG[word] ?? word;
  if (option === "--version") {
    process.stdout.write("ethtool version 6.1\n");
    return 0;
  }
  if (UNSUPPORTED.test(option)) throw new ToolExit(1, `ethtool: option ${word} is not supported here\n`);
  if (!option.startsWith("-")) return showLink(process, option, rest);
  const [name, ...words] = rest;
  if (!"kKiSP".includes(option.slice(1)) || option.length !== 2 || name === undefined)
    throw new ToolExit(1, BAD_ARGUMENTS);
  if (option !== "-K" && words.length > 0) throw new ToolExit(1, BAD_ARGUMENTS);
  return run(process, option, name, words);
});

function run(process: Process, option: string, name: string, words: readonly string[]): number {
  const device = process.netns.device(name);
  switch (option) {
    case "-K":
      return changeFeatures(process, found(device, 92, NO_DEVICE), words);
    case "-k":
      process.stdout.write(showFeatures(found(device, 1, NO_DEVICE)));
      return 0;
    case "-P":
      process.stdout.write(permanentAddress(found(device, 1, NO_DEVICE)));
      return 0;
    case "-i":
      return print(
        process,
        driverText(
          found(device, 71, "Cannot get driver information: No such device\n"),
          process.host.kernelRelease,
        ),
        71,
        "Cannot get driver information: Operation not supported\n",
      );
    default:
      return print(
        process,
        statisticsText(found(device, 96, "Cannot get stats strings information: No such device\n")),
        94,
        "no stats available\n",
      );
  }
}

function found(device: Device | undefined, status: number, complaint: string): Device {
  if (device === undefined) throw new ToolExit(status, complaint);
  return device;
}

function print(process: Process, text: string | null, status: number, complaint: string): number {
  if (text === null) throw new ToolExit(status, complaint);
  process.stdout.write(text);
  return 0;
}

/** `ethtool DEVICE`. Five requests are made, so five complain of a device that is not there. */
function showLink(process: Process, name: string, rest: readonly string[]): number {
  if (name === "" || rest.length > 0) throw new ToolExit(1, BAD_ARGUMENTS);
  const device = process.netns.device(name);
  const text = device === undefined ? null : linkSettingsText(device);
  if (text === null)
    throw new ToolExit(75, device === undefined ? NO_DEVICE.repeat(5) : "", "No data available\n");
  process.stdout.write(text);
  return 0;
}

/** Only a card has an address from its maker. */
function permanentAddress(device: Device): string {
  return `Permanent address: ${device.kind === "nic" ? formatMac(device.mac) : "not set"}\n`;
}
