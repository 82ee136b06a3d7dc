import type { Ipv4 } from "../../base/addresses.js";
import type { Process } from "../../host/process.js";
import type { NameSource } from "../../netfilter/extension.js";
import { addressesOfName, nameOfAddress } from "../hosts-file.js";
import { SERVICES } from "../tcpdump/services.js";

/** Names of hosts from /etc/hosts, names of ports from Debian's /etc/services. */
export function namesFor(process: Process): NameSource {
  return {
    portNumber: (name, protocol) => servicePort(name, protocol),
    portName: (port, protocol) => PORT_NAMES.get(`${port}/${protocol}`) ?? null,
    addresses: (name): readonly Ipv4[] => addressesOfName(process, name),
    addressName: (address) => nameOfAddress(process, address),
  };
}

const PORT_NAMES: ReadonlyMap<string, string> = new Map(
  [...SERVICES]
    .reverse()
    .flatMap(({ names, port, protocols }) =>
      protocols.map((protocol): [string, string] => [`${port}/${protocol}`, names[0]!]),
    ),
);

/** getservbyname: without a protocol the first that fits. */
function servicePort(name: string, protocol: string): number | null {
  const found = SERVICES.find(
    ({ names, protocols }) => names.includes(name) && (protocol === "" || protocols.includes(protocol)),
  );
  return found?.port ?? null;
}
