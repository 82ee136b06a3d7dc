import { formatIpv4 } from "../../base/addresses.js";
import type { Engine } from "../engine.js";
import { rfc3339Nano, timeOf } from "../go/time.js";
import { GoMap, GoNil, GoStruct, type GoValue } from "../go/value.js";
import { canPublish } from "../network/wanted-ports.js";
import type { Container } from "./container.js";
import { exposedPorts } from "./exposed-ports.js";
import { inspectHostConfig } from "./inspect-host-config.js";

const NEVER = "0001-01-01T00:00:00Z";

/** The value that `docker inspect` shows of a container (types.ContainerJSON). */
export function inspectContainer(engine: Engine, container: Container): GoStruct {
  const base = GoStruct.of(
    "types.ContainerJSONBase",
    {
      ID: container.id,
      Created: rfc3339Nano(timeOf(container.created)),
      Path: container.argv[0] ?? "",
      Args: container.argv.slice(1),
      State: inspectState(container),
      Image: `sha256:${container.request.image.id}`,
      ResolvConfPath: file(container, "resolv.conf"),
      HostnamePath: file(container, "hostname"),
      HostsPath: file(container, "hosts"),
      LogPath: file(container, `${container.id}-json.log`),
      Name: `/${container.name}`,
      RestartCount: container.restartCount,
      Driver: "overlay2",
      Platform: "linux",
      MountLabel: "",
      ProcessLabel: "",
      AppArmorProfile: "",
      ExecIDs: container.execs.size === 0 ? GoNil.slice : [...container.execs],
      HostConfig: inspectHostConfig(container),
      GraphDriver: graphDriver(container),
    },
    true,
  );
  const fields = base.fields.map((field) => (field.name === "ID" ? { ...field, json: "Id" } : field));
  return new GoStruct("types.ContainerJSON", [
    { name: "ContainerJSONBase", value: new GoStruct(base.type, fields, true), embedded: true },
    { name: "Mounts", value: [] },
    { name: "Config", value: inspectConfig(container) },
    { name: "NetworkSettings", value: inspectNetworkSettings(engine, container) },
  ]);
}

function file(container: Container, name: string): string {
  return container.startedAt === null ? "" : `/var/lib/docker/containers/${container.id}/${name}`;
}

function inspectState(container: Container): GoStruct {
  const time = (at: number | null) => (at === null ? NEVER : rfc3339Nano(timeOf(at)));
  return GoStruct.of(
    "types.ContainerState",
    {
      Status: container.status,
      Running: container.running,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: container.pid,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: time(container.startedAt),
      FinishedAt: time(container.finishedAt),
    },
    true,
  );
}

function graphDriver(container: Container): GoStruct {
  const layer = `/var/lib/docker/overlay2/${container.id}`;
  return GoStruct.of("types.GraphDriverData", {
    Data: GoMap.of({
      LowerDir: `${layer}-init/diff:/var/lib/docker/overlay2/${container.request.image.id}/diff`,
      MergedDir: `${layer}/merged`,
      UpperDir: `${layer}/diff`,
      WorkDir: `${layer}/work`,
    }),
    Name: "overlay2",
  });
}

function inspectConfig(container: Container): GoStruct {
  const { request } = container;
  const exposed = exposedPorts(container);
  const onHost = request.networkMode === "host";
  const fields: [string, GoValue, boolean?][] = [
    ["Hostname", onHost ? "" : container.hostname],
    ["Domainname", request.domainname],
    ["User", request.user],
    ["AttachStdin", request.attach && request.openStdin],
    ["AttachStdout", request.attach],
    ["AttachStderr", request.attach],
    [
      "ExposedPorts",
      new GoMap(new Map(exposed.map((port) => [port, GoStruct.of("struct {}", {})])), "struct {}"),
      true,
    ],
    ["Tty", request.tty],
    ["OpenStdin", request.openStdin],
    ["StdinOnce", request.attach && request.openStdin],
    ["Env", request.env],
    ["Cmd", request.command.length === 0 ? GoNil.slice : request.command],
    ["Image", request.imageText],
    ["Volumes", GoNil.map],
    ["WorkingDir", request.workingDirectory],
    ["Entrypoint", request.entrypoint ?? GoNil.slice],
    ["OnBuild", GoNil.slice],
    ["Labels", new GoMap(new Map([...request.image.labels, ...request.labels]), "string")],
    ["StopSignal", request.stopSignal ?? "", true],
    ["StopTimeout", request.stopTimeout ?? GoNil.pointer, true],
  ];
  return new GoStruct(
    "container.Config",
    fields.map(([name, value, omitEmpty = false]) => ({ name, value, omitEmpty })),
    true,
  );
}

/** NetworkSettings of `docker inspect`: the sandbox, the default bridge's endpoint again, and every network. */
export function inspectNetworkSettings(engine: Engine, container: Container): GoStruct {
  const networks = [...container.networks.keys()].map((name): [string, GoValue] => [
    name,
    inspectEndpoint(engine, container, name),
  ]);
  const bridge = networks.find(([name]) => name === "bridge")?.[1];
  const of = (name: string): GoValue =>
    bridge instanceof GoStruct ? bridge.field(name)! : typeof EMPTY_ADDRESSES[name] === "number" ? 0 : "";
  return GoStruct.of(
    "types.NetworkSettings",
    {
      Bridge: "",
      SandboxID: container.sandboxId,
      ...(engine.version.messages === "28"
        ? { SandboxKey: container.sandboxKey }
        : { HairpinMode: false, LinkLocalIPv6Address: "", LinkLocalIPv6PrefixLen: 0 }),
      Ports: inspectPorts(container),
      ...(engine.version.messages === "28"
        ? { HairpinMode: false, LinkLocalIPv6Address: "", LinkLocalIPv6PrefixLen: 0 }
        : { SandboxKey: container.sandboxKey }),
      SecondaryIPAddresses: GoNil.slice,
      SecondaryIPv6Addresses: GoNil.slice,
      EndpointID: of("EndpointID"),
      Gateway: of("Gateway"),
      GlobalIPv6Address: "",
      GlobalIPv6PrefixLen: 0,
      IPAddress: of("IPAddress"),
      IPPrefixLen: of("IPPrefixLen"),
      IPv6Gateway: "",
      MacAddress: of("MacAddress"),
      Networks: new GoMap(new Map(networks), "*network.EndpointSettings"),
    },
    true,
  );
}

const EMPTY_ADDRESSES: Readonly<Record<string, string | number>> = { IPPrefixLen: 0 };

function inspectEndpoint(engine: Engine, container: Container, name: string): GoStruct {
  const request = container.networks.get(name)!;
  const network = engine.networks.tryFind(name);
  const endpoint = network === null ? undefined : container.endpoints.get(network);
  const addressed = endpoint !== undefined && endpoint.address !== null;
  const newer = engine.version.messages === "28";
  const own = newer ? [container.id.slice(0, 12), container.request.hostname] : [];
  const aliases = request.aliases.filter((alias) => !own.includes(alias));
  const config =
    request.address === null && request.connected !== true
      ? GoNil.pointer
      : new GoStruct(
          "network.EndpointIPAMConfig",
          [{ name: "IPv4Address", value: request.address ?? "", omitEmpty: true }],
          true,
        );
  const routed =
    addressed &&
    network!.scope === "local" &&
    network!.gateway !== null &&
    !(newer && network!.request.internal);
  const gateway = routed ? formatIpv4(network!.gateway!) : "";
  const driverOptions = request.connected === true ? GoMap.of({}) : GoNil.map;
  return GoStruct.of(
    "network.EndpointSettings",
    {
      IPAMConfig: config,
      Links: GoNil.slice,
      Aliases: aliases.length === 0 ? GoNil.slice : aliases,
      ...(newer ? { MacAddress: endpoint?.mac ?? "", DriverOpts: driverOptions, GwPriority: 0 } : {}),
      NetworkID: container.startedAt === null ? "" : (network?.id ?? ""),
      EndpointID: endpoint?.id ?? "",
      Gateway: gateway,
      IPAddress: addressed ? formatIpv4(endpoint.address!) : "",
      IPPrefixLen: addressed ? network!.pool!.subnet.prefix : 0,
      IPv6Gateway: "",
      GlobalIPv6Address: "",
      GlobalIPv6PrefixLen: 0,
      ...(newer
        ? { DNSNames: network?.userDefined ? [container.name, ...request.aliases] : GoNil.slice }
        : { MacAddress: endpoint?.mac ?? "", DriverOpts: driverOptions }),
    },
    true,
  );
}

/** What is published, by container port; an exposed port that is not has `null`. Empty while it does not run. */
function inspectPorts(container: Container): GoMap {
  if (!canPublish(container)) return GoMap.of({});
  const entries = exposedPorts(container).map((port): [string, GoValue] => {
    const bound = container.published.filter(
      (binding) => `${binding.containerPort}/${binding.protocol}` === port,
    );
    if (bound.length === 0) return [port, GoNil.slice];
    return [
      port,
      bound.map((binding) =>
        GoStruct.of("nat.PortBinding", { HostIp: binding.hostIp, HostPort: binding.hostPort }),
      ),
    ];
  });
  return new GoMap(new Map(entries), "[]nat.PortBinding");
}
