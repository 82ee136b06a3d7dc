import { greetingServer } from "../apps/busybox-httpd.js";
import { type DnsZone, nameServer } from "../apps/dns.js";
import { type Instance, metadataService } from "../apps/metadata.js";
import type { Ipv4 } from "../base/addresses.js";
import type { Host } from "../host/host.js";
import type { Program } from "../host/process.js";
import { Nic } from "../link/nic.js";
import type { LabPlan, ServiceName } from "./plan.js";

interface Service {
  readonly argv: readonly string[];
  readonly program: (lab: {
    readonly instanceOf: (address: Ipv4) => Instance | null;
    readonly zone: DnsZone;
  }) => Program;
}

/** The world outside, by name, where there is a router: every machine's /etc/resolv.conf leads to it. */
const ROUTED: DnsZone = {
  addresses: {
    "client.example": ["203.0.113.9"],
    "router.example": ["192.168.56.1", "203.0.113.1"],
  },
  aliases: { "www.example": "client.example" },
};

/** The client of the preset `swarm` is on the nodes' LAN. */
const ON_LAN: DnsZone = {
  addresses: { "client.example": ["192.168.56.1"], "docker.com": ["203.0.113.80"] },
  aliases: { "www.example": "client.example" },
};

/**
 * Programs that a plan may start. The client of the presets serves HTTP on 8080, as in the recordings: its page and what else lies in /srv. Their router
 * is the edge of the cloud: its metadata service knows the Docker hosts, and its name server the machines outside.
 */
const SERVICES: Readonly<Record<ServiceName, Service>> = {
  http: {
    argv: ["httpd", "-f", "-p", "8080", "-h", "/srv"],
    program: () => greetingServer(8080, "Hello from", "/srv"),
  },
  metadata: { argv: ["metadata"], program: ({ instanceOf }) => metadataService(instanceOf) },
  dns: { argv: ["dns"], program: ({ zone }) => nameServer(zone) },
};

/** Starts them. @internal */
export function startServices(plan: LabPlan, hosts: ReadonlyMap<string, Host>): void {
  const dockerHosts = [...hosts].flatMap(([name, host]) =>
    plan.machines[name]!.docker === true ? [host] : [],
  );
  const lab = {
    instanceOf: (address: Ipv4) => instanceAt(dockerHosts, address),
    zone: hosts.has("router") ? ROUTED : ON_LAN,
  };
  for (const [name, host] of hosts) {
    for (const service of plan.machines[name]!.services ?? []) {
      const { argv, program } = SERVICES[service];
      host.spawn({ argv, program: program(lab) });
    }
  }
}

/** The Docker host that has the address on its card. No translation is between it and the client: its public address is the same. */
function instanceAt(machines: readonly Host[], address: Ipv4): Instance | null {
  for (const { rootNetns } of machines)
    for (const device of rootNetns.devices.values())
      if (device instanceof Nic && device.addresses.some((own) => own.address === address))
        return { mac: device.mac, local: address, public: address };
  return null;
}
