import { formatIpv4 } from "../../base/addresses.js";
import { timeOf } from "../../docker/go/time.js";
import { type GoField, GoMap, GoNil, GoStruct, type GoValue } from "../../docker/go/value.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";
import type { Cluster } from "../cluster/cluster.js";
import type {
  ContainerSpec,
  ServiceObject,
  ServicePort,
  ServiceSpec,
  SpecPart,
  UpdateConfig,
} from "../model/service.js";

/** A value that JSON leaves out (`omitempty`), as templates see it. */
class Empty {
  constructor(readonly zero: GoValue) {}
}

type Shown = GoValue | Empty | undefined;

/** The fields of a struct in order; undefined is a nil pointer that JSON leaves out. */
type Fields = readonly (readonly [name: string, value: Shown])[];

function struct(type: string, fields: Fields): GoStruct {
  return new GoStruct(
    type,
    fields.map(([name, value]): GoField => {
      if (value === undefined) return { name, value: GoNil.pointer, omitEmpty: true };
      return value instanceof Empty ? { name, value: value.zero, omitEmpty: true } : { name, value };
    }),
  );
}

const isNone = (value: Shown) => value === undefined || value instanceof Empty;
const some = <T extends GoValue>(list: readonly T[]): GoValue | Empty =>
  list.length === 0 ? new Empty(GoNil.slice) : [...list];
const text = (value: string): GoValue | Empty => (value === "" ? new Empty("") : value);
const count = (value: number): GoValue | Empty => (value === 0 ? new Empty(0) : value);
const map = (entries: ReadonlyMap<string, string>): GoMap => new GoMap(new Map(entries), "string");
const mapOrNone = (entries: ReadonlyMap<string, string>): GoValue | Empty =>
  entries.size === 0 ? new Empty(GoNil.map) : map(entries);

/** Releases in which the API's objects grew, by their place in time. */
function age({ release }: EngineVersion): number {
  if (release.startsWith("1.12")) return 1.12;
  return Number(/^\d+\.\d+/.exec(release)?.[0] ?? 28);
}

/** Writes services as the API of one release has them. */
export class ServiceInspector {
  private readonly age: number;

  constructor(
    private readonly cluster: Cluster,
    version: EngineVersion,
  ) {
    this.age = age(version);
  }

  service(service: ServiceObject): GoStruct {
    const { id, spec, previousSpec, createdAt, updatedAt, version, updateStatus } = service;
    return struct("swarm.Service", [
      ["ID", id],
      ["Version", struct("swarm.Version", [["Index", version]])],
      ["CreatedAt", timeOf(createdAt)],
      ["UpdatedAt", timeOf(updatedAt)],
      ["Spec", this.spec(spec)],
      ["PreviousSpec", previousSpec === null ? undefined : this.spec(previousSpec)],
      ["Endpoint", this.endpoint(service)],
      [
        "UpdateStatus",
        updateStatus === null
          ? this.age < 17.05
            ? emptyUpdateStatus()
            : undefined
          : struct("swarm.UpdateStatus", [
              ["State", updateStatus.state],
              ["StartedAt", timeOf(updateStatus.startedAt)],
              [
                "CompletedAt",
                updateStatus.completedAt === null ? undefined : timeOf(updateStatus.completedAt),
              ],
              ["Message", text(updateStatus.message)],
            ]),
      ],
    ]);
  }

  private spec(spec: ServiceSpec): GoStruct {
    const shown = (part: SpecPart) => spec.omits?.has(part) !== true;
    return struct("swarm.ServiceSpec", [
      ["Name", spec.name],
      ["Labels", this.age < 17.05 ? mapOrNone(spec.labels) : map(spec.labels)],
      ["TaskTemplate", this.taskTemplate(spec, shown)],
      ["Mode", modeOf(spec)],
      ["UpdateConfig", shown("update") ? this.updateConfig(spec.update) : undefined],
      [
        "RollbackConfig",
        shown("rollback") && this.age >= 17.05 ? this.updateConfig(spec.rollback) : undefined,
      ],
      ["EndpointSpec", this.endpointSpec(spec)],
    ]);
  }

  private taskTemplate(spec: ServiceSpec, shown: (part: SpecPart) => boolean): GoStruct {
    const { restart } = spec;
    return struct("swarm.TaskSpec", [
      ["ContainerSpec", this.containerSpec(spec.container, shown)],
      ["Resources", resources(spec, shown("resources"))],
      [
        "RestartPolicy",
        shown("restart")
          ? struct("swarm.RestartPolicy", [
              ["Condition", restart.condition],
              ["Delay", restart.delay],
              ["MaxAttempts", restart.maxAttempts],
              ["Window", count(restart.window)],
            ])
          : undefined,
      ],
      ["Placement", this.placement(spec)],
      ["Networks", some(spec.networks.map(attachment))],
      ["ForceUpdate", this.age >= 17.05 ? spec.forceUpdate : undefined],
      ["Runtime", this.age >= 17.09 ? "container" : undefined],
    ]);
  }

  private containerSpec(container: ContainerSpec, shown: (part: SpecPart) => boolean): GoStruct {
    const newer = this.age >= 20.1;
    return struct("swarm.ContainerSpec", [
      ["Image", container.image],
      ["Labels", mapOrNone(container.labels)],
      ["Command", some(container.command)],
      ["Args", some(container.args)],
      ["Hostname", text(container.hostname)],
      ["Env", some(container.env)],
      ["Dir", text(container.workingDirectory)],
      ["User", text(container.user)],
      ["Privileges", shown("init") || !newer ? undefined : noPrivileges()],
      ["Init", newer && (shown("init") || container.init) ? container.init : undefined],
      ["StopSignal", text(container.stopSignal)],
      ["TTY", container.tty ? true : new Empty(false)],
      ["Mounts", some(container.mounts.map(mount))],
      [
        "StopGracePeriod",
        this.age >= 17.05 && shown("stopGracePeriod") ? container.stopGracePeriod : undefined,
      ],
      ["Hosts", some(container.hosts)],
      ["DNSConfig", this.age >= 17.05 ? dnsConfig(container, shown("dns")) : undefined],
      ["Isolation", newer ? "default" : undefined],
      ["Sysctls", mapOrNone(container.sysctls)],
      ["CapabilityAdd", some(container.capAdd)],
      ["CapabilityDrop", some(container.capDrop)],
    ]);
  }

  private placement({ constraints, preferences, maxReplicas, container }: ServiceSpec): GoValue | undefined {
    const pinned = this.age >= 17.09 && container.image.includes("@");
    const fields: Fields = [
      ["Constraints", some(constraints)],
      [
        "Preferences",
        some(
          preferences.map((label) =>
            struct("swarm.PlacementPreference", [
              ["Spread", struct("swarm.SpreadOver", [["SpreadDescriptor", label]])],
            ]),
          ),
        ),
      ],
      ["MaxReplicas", count(maxReplicas)],
      [
        "Platforms",
        pinned
          ? [
              struct("swarm.Platform", [
                ["Architecture", "amd64"],
                ["OS", "linux"],
              ]),
            ]
          : undefined,
      ],
    ];
    const empty = fields.every(([, value]) => isNone(value));
    return empty && this.age < 17.05 ? undefined : struct("swarm.Placement", fields);
  }

  private updateConfig(config: UpdateConfig): GoStruct {
    return struct("swarm.UpdateConfig", [
      ["Parallelism", config.parallelism],
      ["Delay", count(config.delay)],
      ["FailureAction", config.failureAction],
      ["Monitor", this.age >= 17.05 ? config.monitor : undefined],
      ["MaxFailureRatio", this.age >= 17.05 ? config.maxFailureRatio : undefined],
      ["Order", this.age >= 17.09 ? config.order : undefined],
    ]);
  }

  private endpointSpec({ endpointMode, ports }: ServiceSpec): GoStruct {
    return struct("swarm.EndpointSpec", [
      ["Mode", endpointMode],
      ["Ports", some(ports.map((port) => this.port(port)))],
    ]);
  }

  private port({ name, protocol, targetPort, publishedPort, mode }: ServicePort): GoStruct {
    return struct("swarm.PortConfig", [
      ["Name", text(name)],
      ["Protocol", protocol],
      ["TargetPort", targetPort],
      ["PublishedPort", count(publishedPort)],
      ["PublishMode", this.age >= 17.05 ? mode : undefined],
    ]);
  }

  private endpoint({ spec, ports, virtualIps }: ServiceObject): GoStruct {
    const networks = this.cluster.store.networks;
    return struct("swarm.Endpoint", [
      ["Spec", this.endpointSpec(spec)],
      ["Ports", some(ports.map((port) => this.port(port)))],
      [
        "VirtualIPs",
        some(
          virtualIps.map(({ networkId, address }) =>
            struct("swarm.EndpointVirtualIP", [
              ["NetworkID", networkId],
              ["Addr", `${formatIpv4(address)}/${networks.get(networkId)?.subnet.prefix ?? 32}`],
            ]),
          ),
        ),
      ],
    ]);
  }
}

function emptyUpdateStatus(): GoStruct {
  return struct("swarm.UpdateStatus", [
    ["StartedAt", "0001-01-01T00:00:00Z"],
    ["CompletedAt", "0001-01-01T00:00:00Z"],
  ]);
}

function modeOf({ mode }: ServiceSpec): GoStruct {
  return struct("swarm.ServiceMode", [
    mode.kind === "global"
      ? ["Global", struct("swarm.GlobalService", [])]
      : ["Replicated", struct("swarm.ReplicatedService", [["Replicas", mode.replicas]])],
  ]);
}

function resources({ limits, reservations }: ServiceSpec, both: boolean): GoStruct {
  const part = (type: string, { nanoCpus, memoryBytes }: ServiceSpec["limits"]) =>
    struct(type, [
      ["NanoCPUs", count(nanoCpus)],
      ["MemoryBytes", count(memoryBytes)],
    ]);
  const said = ({ nanoCpus, memoryBytes }: ServiceSpec["limits"]) => both || nanoCpus + memoryBytes > 0;
  return struct("swarm.ResourceRequirements", [
    ["Limits", said(limits) ? part("swarm.Limit", limits) : undefined],
    ["Reservations", said(reservations) ? part("swarm.Resources", reservations) : undefined],
  ]);
}

function attachment({ target, aliases, driverOptions }: ServiceSpec["networks"][number]): GoStruct {
  return struct("swarm.NetworkAttachmentConfig", [
    ["Target", target],
    ["Aliases", some(aliases)],
    ["DriverOpts", mapOrNone(driverOptions)],
  ]);
}

function mount({ type, source, target, readOnly }: ContainerSpec["mounts"][number]): GoStruct {
  return struct("mount.Mount", [
    ["Type", type],
    ["Source", text(source)],
    ["Target", target],
    ["ReadOnly", readOnly ? true : undefined],
  ]);
}

function dnsConfig({ dns, dnsSearch, dnsOptions }: ContainerSpec, always: boolean): GoStruct | undefined {
  if (!always && dns.length + dnsSearch.length + dnsOptions.length === 0) return undefined;
  return struct("swarm.DNSConfig", [
    ["Nameservers", some(dns)],
    ["Search", some(dnsSearch)],
    ["Options", some(dnsOptions)],
  ]);
}

function noPrivileges(): GoStruct {
  return struct("swarm.Privileges", [
    ["CredentialSpec", null],
    ["SELinuxContext", null],
  ]);
}
