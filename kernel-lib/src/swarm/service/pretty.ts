import { durationString } from "../../docker/go/duration.js";
import { humanDuration } from "../../docker/go/time.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";
import type { Cluster } from "../cluster/cluster.js";
import type { ServiceObject, ServiceSpec, UpdateConfig } from "../model/service.js";

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** `docker service inspect --pretty` (serviceInspectPrettyTemplate). */
export function prettyService(cluster: Cluster, service: ServiceObject, version: EngineVersion): string {
  const { spec } = service;
  const lines = [
    "",
    `ID:\t\t${service.id}`,
    `Name:\t\t${spec.name}`,
    ...labelLines(spec),
    `Service Mode:\t${capital(spec.mode.kind)}`,
    ...(spec.mode.kind === "replicated" ? [` Replicas:\t${spec.mode.replicas}`] : []),
    ...updateStatusLines(service, cluster.world.scheduler.now),
    ...placementLines(spec),
    ...updateLines("Update", spec.update, spec.omits?.has("update") === true),
    ...updateLines("Rollback", spec.rollback, spec.omits?.has("rollback") === true),
    ...containerLines(spec, version),
    ...resourceLines(spec),
    ...networkLines(cluster, spec),
    `Endpoint Mode:\t${spec.endpointMode}`,
    ...portLines(service),
  ];
  return `${lines.join("\n")}\n\n`;
}

function labelLines({ labels }: ServiceSpec): string[] {
  if (labels.size === 0) return [];
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return ["Labels:", ...sorted.map(([key, value]) => ` ${key}${value === "" ? "" : `=${value}`}`)];
}

function updateStatusLines({ updateStatus }: ServiceObject, now: number): string[] {
  if (updateStatus === null) return [];
  const { state, startedAt, completedAt, message } = updateStatus;
  const ago = (at: number) => `${humanDuration(now - at)} ago`;
  return [
    "UpdateStatus:",
    ` State:\t\t${state}`,
    ` Started:\t${ago(startedAt)}`,
    ...(state === "completed" && completedAt !== null ? [` Completed:\t${ago(completedAt)}`] : []),
    ` Message:\t${message}`,
  ];
}

function placementLines({ constraints, preferences, maxReplicas }: ServiceSpec): string[] {
  return [
    "Placement:",
    ...(constraints.length > 0 ? [` Constraints:\t[${constraints.join(" ")}]`] : []),
    ...(preferences.length > 0
      ? [` Preferences:   [${preferences.map((label) => `spread=${label}`).join(" ")}]`]
      : []),
    ...(maxReplicas > 0 ? [` Max Replicas Per Node:   ${maxReplicas}`] : []),
  ];
}

function updateLines(what: "Update" | "Rollback", config: UpdateConfig, omitted: boolean): string[] {
  if (omitted) return [];
  const { parallelism, delay, failureAction, monitor, maxFailureRatio, order } = config;
  return [
    `${what}Config:`,
    ` Parallelism:\t${parallelism}`,
    ...(delay > 0 ? [` Delay:\t\t${durationString(delay)}`] : []),
    ` On failure:\t${failureAction}`,
    ...(monitor > 0 ? [` Monitoring Period: ${durationString(monitor)}`] : []),
    ` Max failure ratio: ${maxFailureRatio}`,
    `${` ${what} order:`.padEnd(20)}${order}`,
  ];
}

function containerLines({ container, omits }: ServiceSpec, { release }: EngineVersion): string[] {
  const { image, args, env, workingDirectory, user, capAdd, capDrop, sysctls, mounts, init } = container;
  const showsInit = !release.startsWith("1") && omits?.has("init") !== true;
  return [
    "ContainerSpec:",
    ` Image:\t\t${image}`,
    ...(args.length > 0 ? [` Args:\t\t${args.map((arg) => `${arg} `).join("")}`] : []),
    ...(env.length > 0 ? [` Env:\t\t${env.map((entry) => `${entry} `).join("")}`] : []),
    ...(workingDirectory !== "" ? [` Dir:\t\t${workingDirectory}`] : []),
    ...(showsInit ? [` Init:\t\t${init}`] : []),
    ...(user !== "" ? [` User: ${user}`] : []),
    ...(capAdd.length + capDrop.length > 0 ? ["Capabilities:"] : []),
    ...(capAdd.length > 0 ? [` Add: ${capAdd.join(", ")}`] : []),
    ...(capDrop.length > 0 ? [` Drop: ${capDrop.join(", ")}`] : []),
    ...(sysctls.size > 0 ? ["SysCtls:"] : []),
    ...[...sysctls].map(([key, value]) => ` ${key}${value === "" ? "" : `: ${value}`}`),
    ...(mounts.length > 0 ? ["Mounts:"] : []),
    ...mounts.flatMap(({ type, source, target, readOnly }) => [
      ` Target:\t${target}`,
      `  Source:\t${source}`,
      `  ReadOnly:\t${readOnly}`,
      `  Type:\t\t${type}`,
    ]),
  ];
}

function resourceLines({ limits, reservations }: ServiceSpec): string[] {
  const part = (title: string, { nanoCpus, memoryBytes }: ServiceSpec["limits"]) =>
    nanoCpus + memoryBytes === 0
      ? []
      : [
          ` ${title}:`,
          ...(nanoCpus > 0 ? [`  CPU:\t\t${nanoCpus / 1e9}`] : []),
          ...(memoryBytes > 0 ? [`  Memory:\t${bytesSize(memoryBytes)}`] : []),
        ];
  return ["Resources:", ...part("Reservations", reservations), ...part("Limits", limits)];
}

const BINARY_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** units.BytesSize: four digits, `512MiB`. */
function bytesSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < BINARY_UNITS.length - 1; unit++) size /= 1024;
  return `${Number(size.toPrecision(4))}${BINARY_UNITS[unit]}`;
}

function networkLines({ store }: Cluster, { networks }: ServiceSpec): string[] {
  if (networks.length === 0) return [];
  const names = networks.map(({ target }) => ` ${store.networks.get(target)?.name ?? target}`);
  return [`Networks:${names.join("")} `];
}

function portLines({ ports }: ServiceObject): string[] {
  if (ports.length === 0) return [];
  const text = ports
    .map(
      ({ publishedPort, protocol, targetPort, mode }) =>
        `\n PublishedPort = ${publishedPort}\n  Protocol = ${protocol}\n  TargetPort = ${targetPort}\n  PublishMode = ${mode}`,
    )
    .join("");
  return [`Ports:${text} `];
}
