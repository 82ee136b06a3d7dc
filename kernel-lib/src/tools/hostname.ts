import { formatIpv4 } from "../base/addresses.js";
import type { Process, Program } from "../host/process.js";
import { addressesOfName, hostsEntries } from "./hosts-file.js";
import { getopt, optionComplaint } from "./options.js";
import { ToolExit, tool } from "./tool-exit.js";

const LONG = {
  "ip-address": "i",
  "all-ip-addresses": "I",
  fqdn: "f",
  long: "f",
  short: "s",
  domain: "d",
  alias: "a",
  version: "V",
};

/** The canonical name: the first one on the line of /etc/hosts that has the host name. */
function canonicalName(process: Process): string {
  const { hostname } = process.uts;
  return hostsEntries(process).find(({ names }) => names.includes(hostname))?.names[0] ?? hostname;
}

/** Addresses of all devices that are up, but loopback's. */
function allAddresses(process: Process): string {
  let text = "";
  for (const device of process.netns.devices.values()) {
    if (device.kind === "loopback" || !device.up) continue;
    for (const { address } of device.addresses) text += `${formatIpv4(address)} `;
  }
  return text;
}

/** `hostname` (Debian's and BusyBox's alike): shows the name, sets it, -i -I -f -s -d. */
export const hostname: Program = tool((process) => {
  const found = getopt(process.argv.slice(1), "aAdfbF:h?iIsVy", LONG);
  if ("error" in found) throw new ToolExit(255, optionComplaint("hostname", found));
  const [option] = found.options[0] ?? [];
  const [name] = found.operands;
  if (name !== undefined) {
    if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name))
      throw new ToolExit(1, "hostname: the specified hostname is invalid\n");
    process.uts.hostname = name;
    return 0;
  }
  process.stdout.write(`${shown(process, option)}\n`);
  return 0;
});

function shown(process: Process, option: string | undefined): string {
  const { hostname: name } = process.uts;
  switch (option) {
    case undefined:
      return name;
    case "i": {
      const addresses = addressesOfName(process, name);
      if (addresses.length === 0) throw new ToolExit(1, "hostname: Name or service not known\n");
      return addresses.map(formatIpv4).join(" ");
    }
    case "I":
      return allAddresses(process);
    case "f":
      return canonicalName(process);
    case "s":
      return name.split(".")[0] ?? name;
    case "d":
      return canonicalName(process).split(".").slice(1).join(".");
    default:
      throw new ToolExit(1, `hostname: option -${option} is not supported here\n`);
  }
}
