import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import type { Service } from "../../ipvs/service.js";
import type { NameSource } from "../../netfilter/extension.js";
import { IPPROTO_TCP, IPPROTO_UDP } from "../../wire/ipv4.js";

/** How addresses and ports are written: by name, or with `-n` as numbers. */
export interface Writer {
  endpoint(address: Ipv4, port: number, protocol: number): string;
}

export function writer(names: NameSource | null): Writer {
  return {
    endpoint(address, port, protocol) {
      if (names === null) return `${formatIpv4(address)}:${port}`;
      const name = names.portName(port, protocol === IPPROTO_UDP ? "udp" : "tcp");
      return `${names.addressName(address)}:${name ?? port}`;
    },
  };
}

export function protocolName(protocol: number): string {
  return protocol === IPPROTO_TCP ? "TCP" : protocol === IPPROTO_UDP ? "UDP" : "IP";
}

/** `TCP  10.0.0.1:80`, `FWM  256`. */
export function serviceText({ fwmark, protocol, address, port }: Service, write: Writer): string {
  if (fwmark !== 0) return `FWM  ${fwmark}`;
  return `${protocolName(protocol).padEnd(4)} ${write.endpoint(address, port, protocol)}`;
}

/** Names of a scheduler's flags (`sh-fallback,sh-port`); empty for none. */
export function schedulerFlags({ settings, scheduler: { name } }: Service): string {
  const own = name === "sh" || name === "mh" ? [`${name}-fallback`, `${name}-port`, "flag-3"] : null;
  return (own ?? ["flag-1", "flag-2", "flag-3"])
    .filter((_, bit) => (settings.schedulerFlags & (1 << bit)) !== 0)
    .join(",");
}

/** Services as the tool sorts them: those by mark last, then by protocol, address and port; with `--nosort` as the kernel gives them. */
export function sorted(services: readonly Service[], nosort: boolean): readonly Service[] {
  if (nosort) return [...services].sort((a, b) => Math.sign(a.fwmark) - Math.sign(b.fwmark));
  return [...services].sort(
    (a, b) => a.fwmark - b.fwmark || a.protocol - b.protocol || a.address - b.address || a.port - b.port,
  );
}
