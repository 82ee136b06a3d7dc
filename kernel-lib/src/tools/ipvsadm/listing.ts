import { formatIpv4 } from "../../base/addresses.js";
import type { IpvsConnection } from "../../ipvs/connection.js";
import type { Destination } from "../../ipvs/destination.js";
import type { Ipvs } from "../../ipvs/ipvs.js";
import type { Service } from "../../ipvs/service.js";
import type { IpvsCounters } from "../../ipvs/statistics.js";
import type { IpvsOption } from "./command-line.js";
import { protocolName, schedulerFlags, serviceText, sorted, type Writer } from "./text.js";

const TITLE = "IP Virtual Server version 1.2.1 (size=4096)\n";
const METHOD = { masq: "Masq", route: "Route", tunnel: "Tunnel" } as const;

type Form = "plain" | "stats" | "rate" | "thresholds" | "persistent-conn";

const HEADS: Readonly<Record<Form, string>> = {
  plain:
    "Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n",
  stats:
    "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n",
  rate: "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n  -> RemoteAddress:Port\n",
  thresholds:
    "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n  -> RemoteAddress:Port\n",
  "persistent-conn":
    "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n  -> RemoteAddress:Port\n",
};

function formOf(given: ReadonlySet<IpvsOption>): Form {
  for (const form of ["stats", "rate", "thresholds", "persistent-conn"] as const)
    if (given.has(form)) return form;
  return "plain";
}

/** `ipvsadm -L`: all services with their servers, or one. */
export function listing(
  ipvs: Ipvs,
  only: Service | null,
  given: ReadonlySet<IpvsOption>,
  write: Writer,
): string {
  const form = formOf(given);
  const nosort = given.has("nosort");
  const services = only === null ? sorted(ipvs.services, nosort) : [only];
  const text = services.map((service) => serviceLines(ipvs, service, form, given, write)).join("");
  return `${only === null ? TITLE : ""}${HEADS[form]}${text}`;
}

function serviceLines(
  ipvs: Ipvs,
  service: Service,
  form: Form,
  given: ReadonlySet<IpvsOption>,
  write: Writer,
): string {
  const exact = given.has("exact");
  const name = serviceText(service, write);
  const destinations = given.has("nosort")
    ? service.destinations
    : [...service.destinations].sort((a, b) => a.address - b.address || a.port - b.port);
  const counters = ({ statistics }: Pick<Destination, "statistics">) =>
    numbers(form === "stats" ? statistics.total : statistics.rates(ipvs.now), exact);
  const counted = form === "stats" || form === "rate";
  const first = counted ? `${name.padEnd(33)}${counters(service)}` : `${name} ${settingsText(service)}`;
  const rest = destinations.map((destination) => {
    const { address, port } = destination;
    const server = `  -> ${write.endpoint(address, port, service.protocol).padEnd(28)}`;
    return `${server}${counted ? counters(destination) : ` ${columns(destination, form)}`}\n`;
  });
  return `${first}\n${rest.join("")}`;
}

function settingsText(service: Service): string {
  const { persistence, netmask, onePacket } = service.settings;
  const flags = schedulerFlags(service);
  const mask = netmask === 0xffffffff ? "" : ` mask ${formatIpv4(netmask)}`;
  return (
    service.scheduler.name +
    (flags === "" ? "" : ` (${flags})`) +
    (persistence === null ? "" : ` persistent ${persistence}${mask}`) +
    (onePacket ? " ops" : "")
  );
}

function columns(destination: Destination, form: Form): string {
  const { method, weight, active, inactive, persistent, upperThreshold, lowerThreshold } = destination;
  const ends = `${String(active).padEnd(10)} ${String(inactive).padEnd(10)}`;
  if (form === "thresholds")
    return `${String(upperThreshold).padEnd(10)} ${String(lowerThreshold).padEnd(10)} ${ends}`;
  if (form === "persistent-conn")
    return `${String(weight).padEnd(9)} ${String(persistent).padEnd(11)} ${ends}`;
  return `${METHOD[method].padEnd(7)} ${String(weight).padEnd(6)} ${ends}`;
}

function numbers(counters: IpvsCounters, exact: boolean): string {
  const { connections, inPackets, outPackets, inBytes, outBytes } = counters;
  return [connections, inPackets, outPackets, inBytes, outBytes].map((value) => large(value, exact)).join("");
}

/** Numbers of nine digits and more are written in thousands, millions and so on (print_largenum). */
function large(value: number, exact: boolean): string {
  if (exact) return ` ${String(value).padStart(8)}`;
  if (value < 1e8) return String(value).padStart(9);
  if (value < 1e9) return `${Math.floor(value / 1e3)}K`.padStart(9);
  if (value < 1e11) return `${Math.floor(value / 1e6)}M`.padStart(9);
  if (value < 1e14) return `${Math.floor(value / 1e9)}G`.padStart(9);
  return `${Math.floor(value / 1e12)}T`.padStart(9);
}

/** `ipvsadm -L -c`. */
export function connectionListing(ipvs: Ipvs, write: Writer): string {
  const lines = ipvs.connections.list().map((one) => connectionLine(one, ipvs.now, write));
  return `IPVS connection entries\npro expire state       source             virtual            destination\n${lines.join("")}`;
}

function connectionLine(one: IpvsConnection, now: number, write: Writer): string {
  const { protocol, stateName, client, clientPort, virtual, virtualPort, address, port, expiresAt } = one;
  const left = Math.max(0, Math.floor((expiresAt - now) / 1e9));
  const clock = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
  const end = (at: number, number: number) => write.endpoint(at, number, protocol);
  const ends = `${end(client, clientPort).padEnd(18)} ${end(virtual, virtualPort).padEnd(18)} ${end(address, port)}`;
  return `${protocolName(protocol).padEnd(3)} ${clock}  ${stateName.padEnd(11)} ${ends}\n`;
}
