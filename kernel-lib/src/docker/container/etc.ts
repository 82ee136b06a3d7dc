import { formatIpv4 } from "../../base/addresses.js";
import { DockerError } from "../docker-error.js";
import type { Endpoint } from "../network/network.js";
import { RESOLVER_ADDRESS } from "../resolver/rules.js";
import { DEFAULT_SERVERS, type DnsSettings, dnsSettings } from "../resolver/servers.js";
import type { Container } from "./container.js";

const LOCAL_NAMES =
  "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

/** What the machine's own files say. */
export interface MachineEtc {
  readonly hostname: string;
  readonly hosts: string;
  readonly resolv: string;
  /** The daemon's settings of DNS. */
  readonly dns: DnsSettings;
}

/** Writes /etc/hostname, /etc/hosts and /etc/resolv.conf of a container, as libnetwork does when its sandbox is made. */
export function writeEtc(container: Container, machine: MachineEtc): void {
  const { files, request } = container;
  const onHost = request.networkMode === "host";
  files.write("/etc/hostname", `${onHost ? machine.hostname : container.hostname}\n`);
  files.write("/etc/hosts", onHost ? machine.hosts : hostsFile(container));
  files.write("/etc/resolv.conf", resolvConf(container, machine));
}

/** `hosts` with the extra ones first, then every address of the container, in the order in which it joined. */
function hostsFile(container: Container): string {
  const extra = container.request.extraHosts.map((entry) => {
    const at = entry.indexOf(":");
    return `${entry.slice(at + 1)}\t${entry.slice(0, at)}\n`;
  });
  const own = [...container.endpoints.values()].map((endpoint) => ownLine(container, endpoint));
  return LOCAL_NAMES + extra.join("") + own.join("");
}

function ownLine(container: Container, { address }: Endpoint): string {
  return address === null ? "" : `${formatIpv4(address)}\t${container.hostname}\n`;
}

/** Adds the address of a network that a running container has joined. */
export function addHostsLine(container: Container, endpoint: Endpoint): void {
  const { files } = container;
  files.write("/etc/hosts", files.readText("/etc/hosts") + ownLine(container, endpoint));
}

/** Takes every line off that ends with one of the names: libnetwork does not look at the address, so that of other networks goes as well. */
export function removeHostsLines(container: Container, names: readonly string[]): void {
  const { files } = container;
  const lines = files.readText("/etc/hosts").split("\n");
  const kept = lines.filter((line) => !names.some((name) => line.endsWith(`\t${name}`)));
  files.write("/etc/hosts", kept.join("\n"));
}

/** With the embedded DNS: its address, and what else stood in the file. It stays when the container leaves the network. */
function resolvConf(container: Container, machine: MachineEtc): string {
  const base = firstResolvConf(container, machine);
  return container.resolver === null ? base : embeddedResolvConf(base);
}

/** Leads the names of a running container to the embedded DNS. */
export function useEmbeddedDns(container: Container): void {
  const { files } = container;
  files.write("/etc/resolv.conf", embeddedResolvConf(files.readText("/etc/resolv.conf")));
}

/** What was given, over the machine's servers without the local ones (8.8.8.8 and 8.8.4.4 when none is left). */
function firstResolvConf({ request }: Container, { dns: daemon, resolv: machine }: MachineEtc): string {
  const { dns, dnsSearch, dnsOptions } = dnsSettings(request, daemon);
  if (dns.length > 0 || dnsSearch.length > 0 || dnsOptions.length > 0)
    return builtResolvConf({
      servers: dns.length > 0 ? dns : words(machine, "nameserver"),
      search: dnsSearch.length > 0 ? dnsSearch : words(machine, "search"),
      options: dnsOptions.length > 0 ? dnsOptions : words(machine, "options"),
    });
  if (request.networkMode === "host") return machine;
  const kept = machine.split("\n").filter((line) => !/^nameserver\s+(127\.|::1)/.test(line) && line !== "");
  if (kept.some((line) => line.startsWith("nameserver"))) return `${kept.join("\n")}\n`;
  const standIns = DEFAULT_SERVERS.map((server) => `nameserver ${server}`);
  return `${["", ...kept, ...standIns].join("\n")}\n`;
}

function embeddedResolvConf(base: string): string {
  const options = words(base, "options");
  return builtResolvConf({
    servers: [RESOLVER_ADDRESS],
    search: words(base, "search"),
    options: options.some((option) => option.startsWith("ndots:")) ? options : [...options, "ndots:0"],
  });
}

/** All words behind a keyword of a resolv.conf. */
function words(text: string, keyword: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const found = lines.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  return keyword === "search" ? (found.at(-1) ?? []) : found.flat();
}

/** resolvconf.Build: search, servers, options. A search of `.` alone stands for none. */
function builtResolvConf(content: {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}): string {
  const search = content.search.join(" ");
  return [
    ...(search === "" || search === "." ? [] : [`search ${search}\n`]),
    ...content.servers.map((server) => `nameserver ${server}\n`),
    ...(content.options.length === 0 ? [] : [`options ${content.options.join(" ")}\n`]),
  ].join("");
}

/** `[a-zA-Z0-9][a-zA-Z0-9_.-]+`. */
export function checkName(name: string): void {
  if (!/^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    throw new DockerError(
      `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
      "invalid",
    );
}
