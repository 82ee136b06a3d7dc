import { formatIpv4 } from "../../base/addresses.js";
import type { Ipvs } from "../../ipvs/ipvs.js";
import type { Service } from "../../ipvs/service.js";
import { IPPROTO_UDP } from "../../wire/ipv4.js";
import { schedulerFlags, sorted, type Writer } from "./text.js";

const METHOD = { masq: "-m", route: "-g", tunnel: "-i" } as const;

/** `ipvsadm -S`: the commands that make the services again. */
export function saved(ipvs: Ipvs, write: Writer): string {
  return sorted(ipvs.services, false)
    .map((service) => serviceCommands(service, write))
    .join("");
}

function serviceCommands(service: Service, write: Writer): string {
  const { fwmark, protocol, address, port, scheduler, settings } = service;
  const at =
    fwmark !== 0
      ? `-f ${fwmark}`
      : `${protocol === IPPROTO_UDP ? "-u" : "-t"} ${write.endpoint(address, port, protocol)}`;
  const { persistence, netmask, onePacket } = settings;
  const mask = netmask === 0xffffffff ? "" : ` -M ${formatIpv4(netmask)}`;
  const flags = schedulerFlags(service);
  const first =
    `-A ${at} -s ${scheduler.name}` +
    (persistence === null ? "" : ` -p ${persistence}${mask}`) +
    (onePacket ? " -o" : "") +
    (flags === "" ? "" : ` -b ${flags}`);
  const servers = [...service.destinations]
    .sort((a, b) => a.address - b.address || a.port - b.port)
    .map((destination) => {
      const server = write.endpoint(destination.address, destination.port, protocol);
      const tunnel = destination.method === "tunnel" ? " --tun-type ipip" : "";
      return `-a ${at} -r ${server} ${METHOD[destination.method]} -w ${destination.weight}${tunnel}\n`;
    });
  return `${first}\n${servers.join("")}`;
}
