import { formatIpv4 } from "../../base/addresses.js";
import { DockerError } from "../docker-error.js";
import type { Container } from "./container.js";

const LOCAL_NAMES =
  "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

/** Writes /etc/hostname, /etc/hosts and /etc/resolv.conf of a container, as libnetwork does when its sandbox is made. */
export function writeEtc(
  container: Container,
  machine: { readonly hostname: string; readonly hosts: string; readonly resolv: string },
): void {
  const { files, request } = container;
  const onHost = request.networkMode === "host";
  files.write("/etc/hostname", `${onHost ? machine.hostname : container.hostname}\n`);
  files.write("/etc/hosts", onHost ? machine.hosts : hostsFile(container));
  files.write("/etc/resolv.conf", resolvConf(container, onHost, machine.resolv));
}

/** `hosts` with the extra ones first, then every address of the container, in the order in which it joined. */
export function hostsFile(container: Container): string {
  const extra = container.request.extraHosts.map((entry) => {
    const at = entry.indexOf(":");
    return `${entry.slice(at + 1)}\t${entry.slice(0, at)}\n`;
  });
  const own = [...container.endpoints.values()].flatMap((endpoint) =>
    endpoint.address === null ? [] : [`${formatIpv4(endpoint.address)}\t${container.hostname}\n`],
  );
  return LOCAL_NAMES + extra.join("") + own.join("");
}

/** On the default bridge the machine's servers without the local ones (8.8.8.8 and 8.8.4.4 when none is left); elsewhere the embedded one. */
function resolvConf(container: Container, onHost: boolean, machine: string): string {
  const { dns, dnsSearch, dnsOptions } = container.request;
  const search = dnsSearch.length > 0 ? [`search ${dnsSearch.join(" ")}`] : [];
  const options = dnsOptions.length > 0 ? [`options ${dnsOptions.join(" ")}`] : [];
  if ([...container.endpoints.keys()].some((network) => network.userDefined))
    return `${[...search, "nameserver 127.0.0.11", `options ${[...dnsOptions, "ndots:0"].join(" ")}`].join("\n")}\n`;
  if (dns.length > 0)
    return `${[...search, ...dns.map((server) => `nameserver ${server}`), ...options].join("\n")}\n`;
  if (onHost) return machine;
  const kept = machine.split("\n").filter((line) => !/^nameserver\s+(127\.|::1)/.test(line) && line !== "");
  if (kept.some((line) => line.startsWith("nameserver"))) return `${kept.join("\n")}\n`;
  return `${["", ...kept, "nameserver 8.8.8.8", "nameserver 8.8.4.4"].join("\n")}\n`;
}

/** `[a-zA-Z0-9][a-zA-Z0-9_.-]+`. */
export function checkName(name: string): void {
  if (!/^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    throw new DockerError(
      `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
      "invalid",
    );
}
