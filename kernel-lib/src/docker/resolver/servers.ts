import { type Ipv4, isLoopbackIpv4, tryParseIpv4 } from "../../base/addresses.js";

/** What decides on a container's DNS, on the command line or in daemon.json. */
export interface DnsSettings {
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
}

/** The container's own settings; what is not given comes from the daemon. */
export function dnsSettings(own: DnsSettings, daemon: DnsSettings): DnsSettings {
  const either = (name: keyof DnsSettings) => (own[name].length > 0 ? own[name] : daemon[name]);
  return { dns: either("dns"), dnsSearch: either("dnsSearch"), dnsOptions: either("dnsOptions") };
}

/** A server outside to which queries go on. */
export interface ExternalServer {
  readonly address: Ipv4;
  /** One of the machine's own loopback addresses: it is asked from the machine's namespace, not from the container's. */
  readonly onMachine: boolean;
}

/** Servers asked at most (libnetwork's maxExtDNS). */
const MAX_SERVERS = 3;
/** Public servers that stand in when the machine has none (Google's; libnetwork's defaultIPv4Dns). */
export const DEFAULT_SERVERS = ["8.8.8.8", "8.8.4.4"];

/** The servers that a container's queries go on to: those given to it, else the machine's, else the public ones. */
export function externalServers(given: readonly string[], machineResolv: string): readonly ExternalServer[] {
  if (given.length > 0) return readServers(given, false);
  const found = readServers(nameservers(machineResolv), true);
  return found.length > 0 ? found : readServers(DEFAULT_SERVERS, false);
}

/** The words behind `nameserver` in a resolv.conf. */
function nameservers(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
}

/** IPv4 only. `--dns 127.0.0.1` means the container's own loopback. */
function readServers(words: readonly string[], ofMachine: boolean): readonly ExternalServer[] {
  return words
    .map(tryParseIpv4)
    .filter((address): address is Ipv4 => address !== null)
    .slice(0, MAX_SERVERS)
    .map((address) => ({ address, onMachine: ofMachine && isLoopbackIpv4(address) }));
}
