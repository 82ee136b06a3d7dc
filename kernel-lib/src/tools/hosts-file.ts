import { formatIpv4, type Ipv4, tryParseIpv4 } from "../base/addresses.js";
import type { Process } from "../host/process.js";

interface HostsEntry {
  readonly address: Ipv4;
  readonly names: readonly string[];
}

/** The IPv4 lines of /etc/hosts. */
export function hostsEntries(process: Process): readonly HostsEntry[] {
  const { files } = process;
  if (!files.exists("/etc/hosts")) return [];
  const entries: HostsEntry[] = [];
  for (const line of files.readText("/etc/hosts").split("\n")) {
    const [first = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const address = tryParseIpv4(first);
    if (address !== null && names.length > 0) entries.push({ address, names });
  }
  return entries;
}

/** All IPv4 addresses of a name, in the file's order; a dotted quad is itself. */
export function addressesOfName(process: Process, name: string): readonly Ipv4[] {
  const literal = tryParseIpv4(name);
  if (literal !== null) return [literal];
  return hostsEntries(process)
    .filter(({ names }) => names.includes(name))
    .map(({ address }) => address);
}

/** The first name of an address in the file; null when it is not there. */
export function hostsNameOf(process: Process, address: Ipv4): string | null {
  return hostsEntries(process).find((entry) => entry.address === address)?.names[0] ?? null;
}

/** The first name of an address, else its digits. */
export function nameOfAddress(process: Process, address: Ipv4): string {
  return hostsNameOf(process, address) ?? formatIpv4(address);
}

/** The first name of the file's line that has this one; the name itself when no line has it. */
export function canonicalName(process: Process, name: string): string {
  return hostsEntries(process).find(({ names }) => names.includes(name))?.names[0] ?? name;
}
