import { type Columns, ellipsis, formatRows } from "../../../docker/command/format.js";
import { filtersOf } from "../../../docker/command/ps.js";
import type { Call } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import { humanDuration } from "../../../docker/go/time.js";
import { shortId } from "../../../docker/ids.js";
import type { EngineVersion } from "../../../docker/versions/engine-version.js";
import type { Cluster } from "../../cluster/cluster.js";
import type { TaskObject } from "../../model/task.js";
import { naturalOrder } from "../../service/natural-order.js";
import { withoutDigest } from "../../service/pin-image.js";
import { taskName } from "../../service/task-name.js";
import { swarmTableShape } from "../table-shape.js";

interface Row {
  readonly task: TaskObject;
  readonly name: string;
  readonly node: string;
  readonly now: number;
  readonly cut: boolean;
  readonly longIds: boolean;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Characters of an error that a listing shows. */
const ERROR_LENGTH = 30;

function errorText({ task, cut }: Row): string {
  const { error } = task.status;
  if (error === "") return "";
  return `"${cut ? ellipsis(error, ERROR_LENGTH) : error}"`;
}

/** Ports in host mode: they are the task's own. */
function portsText({ task }: Row): string {
  if (task.status.state !== "running") return "";
  return task.spec.ports
    .filter(({ mode }) => mode === "host")
    .map(({ publishedPort, targetPort, protocol }) => `*:${publishedPort}->${targetPort}/${protocol}`)
    .join(",");
}

const COLUMNS: Columns<Row> = {
  type: "*task.taskContext",
  fields: {
    ID: { heading: "ID", value: ({ task, cut, longIds }) => (cut && !longIds ? shortId(task.id) : task.id) },
    Name: { heading: "NAME", value: ({ name }) => name },
    Image: {
      heading: "IMAGE",
      value: ({ task, cut }) => (cut ? withoutDigest(task.spec.container.image) : task.spec.container.image),
    },
    Node: { heading: "NODE", value: ({ node }) => node },
    DesiredState: { heading: "DESIRED STATE", value: ({ task }) => capital(task.desired) },
    CurrentState: {
      heading: "CURRENT STATE",
      value: ({ task, now }) =>
        `${capital(task.status.state)} ${humanDuration(now - task.status.at).toLowerCase()} ago`,
    },
    Error: { heading: "ERROR", value: errorText },
    Ports: { heading: "PORTS", value: portsText },
  },
};

function tableOf({ release }: EngineVersion): string {
  const ports = release.startsWith("1.12") ? "" : "\t{{.Ports}}";
  return `table {{.ID}}\t{{.Name}}\t{{.Image}}\t{{.Node}}\t{{.DesiredState}}\t{{.CurrentState}}\t{{.Error}}${ports}`;
}

/** Prints tasks as `docker service ps`, `docker stack ps` and `docker node ps` do: by name, the newest of a slot first, those before it set back. */
export function printTasks(call: Call, cluster: Cluster, tasks: readonly TaskObject[]): void {
  const { engine, flags } = call;
  const resolve = !flags.bool("no-resolve");
  const nameOf = (task: TaskObject) => (resolve ? taskName(cluster, task) : namesById(task));
  const sorted = [...tasks].sort(
    (a, b) => naturalOrder(nameOf(a), nameOf(b)) || b.createdAt - a.createdAt || b.version - a.version,
  );
  let before = "";
  const rows = sorted.map((task): Row => {
    const name = nameOf(task);
    const shown = name === before ? ` \\_ ${name}` : name;
    before = name;
    const node = task.nodeId === null ? "" : (cluster.store.nodes.get(task.nodeId)?.hostname ?? task.nodeId);
    return {
      task,
      name: shown,
      node: resolve ? node : (task.nodeId ?? ""),
      now: engine.host.world.scheduler.now,
      cut: !flags.bool("no-trunc"),
      longIds: engine.version.release.startsWith("1.12"),
    };
  });
  const given = flags.value("format") ?? "";
  const standard = flags.bool("quiet") ? "{{.ID}}" : tableOf(engine.version);
  const format = given === "" || given === "table" || flags.bool("quiet") ? standard : given;
  call.stdout.write(formatRows(format, COLUMNS, rows, swarmTableShape(engine.version)));
}

/** `--no-resolve`: nothing is looked up. */
function namesById({ serviceId, slot, nodeId }: TaskObject): string {
  return `${serviceId}.${slot === 0 ? (nodeId ?? "") : slot}`;
}

/** Checks what listings of tasks are filtered by. Throws DockerError. */
function checkFilters(cluster: Cluster, filters: ReadonlyMap<string, readonly string[]>): void {
  for (const value of filters.get("node") ?? [])
    if (
      value !== "self" &&
      ![...cluster.store.nodes.values()].some(({ id, hostname }) => id === value || hostname === value)
    )
      throw new DockerError(`node ${value} not found`, "notFound");
  for (const value of filters.get("desired-state") ?? [])
    if (!["running", "shutdown", "accepted"].includes(value))
      throw new DockerError(`Invalid desired-state filter: '${value}'`, "invalid");
}

/** The filters of listings of tasks. `self` is the node that is asked. */
const TASK_FILTERS = ["desired-state", "id", "label", "name", "node", "service", "up-to-date"];

/** Reads `--filter` of a listing of tasks; `self` is the id of the node that is asked. Throws FlagError and DockerError. */
export function taskFilter(call: Call, cluster: Cluster, self: string): (task: TaskObject) => boolean {
  const filters = filtersOf(call, TASK_FILTERS);
  checkFilters(cluster, filters);
  return (task) => taskMatches(cluster, task, filters, self);
}

function taskMatches(
  cluster: Cluster,
  task: TaskObject,
  filters: ReadonlyMap<string, readonly string[]>,
  self: string,
): boolean {
  return [...filters].every(([key, values]) =>
    values.some((value) => matches(cluster, task, key, value, self)),
  );
}

function matches(cluster: Cluster, task: TaskObject, key: string, value: string, self: string): boolean {
  if (key === "id") return task.id.startsWith(value);
  if (key === "name")
    return (
      taskName(cluster, task).startsWith(value) || `${taskName(cluster, task)}.${task.id}`.startsWith(value)
    );
  if (key === "desired-state") return stateGroup(task) === value;
  if (key === "node") {
    const node = task.nodeId === null ? undefined : cluster.store.nodes.get(task.nodeId);
    return node !== undefined && (node.id === (value === "self" ? self : value) || node.hostname === value);
  }
  if (key === "service")
    return task.serviceId === value || cluster.store.services.get(task.serviceId)?.spec.name === value;
  return [...task.spec.container.labels].some(
    ([name, text]) => value === name || value === `${name}=${text}`,
  );
}

function stateGroup({ desired }: TaskObject): string {
  return desired === "shutdown" || desired === "running" ? desired : "accepted";
}
