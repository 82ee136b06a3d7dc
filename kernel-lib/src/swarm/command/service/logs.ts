import { type Call, ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import type { ContainerLog, LogLine } from "../../../docker/container/log.js";
import { rfc3339NanoFixed, timeOf } from "../../../docker/go/time.js";
import { shortId } from "../../../docker/ids.js";
import type { Steps } from "../../../host/process.js";
import type { Cluster } from "../../cluster/cluster.js";
import { memberOf } from "../../directory.js";
import type { TaskObject } from "../../model/task.js";
import { findService } from "../../service/control.js";
import { SERVICE_LOGS as HELP_20_10 } from "../usage/service.js";
import { SERVICE_LOGS } from "../usage/service-28.js";

/** What a task's container has written, with what stands before each of its lines. */
interface TaskLog {
  readonly prefix: string;
  readonly log: ContainerLog;
  next: number;
}

/** `docker service logs`: the lines of all tasks, oldest first; from 17.05 on. */
export const serviceLogs: Subcommand = {
  names: ["service logs"],
  help: SERVICE_LOGS,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: 1,
  *run(call) {
    for (const name of ["since", "details"])
      if (call.flags.has(name))
        throw new ClientError(`docker service logs: option --${name} is not supported here`);
    const member = memberOf(call.engine);
    const cluster = member.expectManager();
    const tasks = tasksOf(cluster, call.words[0]!);
    const logs = tasks.flatMap((task) => taskLog(call, cluster, task, widthOf(cluster, task)));
    const tail = call.flags.value("tail") ?? "all";
    if (/^\d+$/.test(tail))
      for (const entry of logs) entry.next = Math.max(0, entry.log.lines.length - Number(tail));
    return yield* show(call, logs);
  },
};

function tasksOf(cluster: Cluster, word: string): readonly TaskObject[] {
  const service = findService(cluster, word);
  if (service !== null && service !== "several") return cluster.store.tasksOfService(service.id);
  const tasks = [...cluster.store.tasks.values()];
  const task =
    tasks.find(({ id }) => id === word) ?? tasks.find(({ id }) => word !== "" && id.startsWith(word));
  if (task === undefined) throw new ClientError(`no such task or service: ${word}`);
  return [task];
}

/** Slots are as wide as the largest. */
function widthOf({ store }: Cluster, { serviceId, slot }: TaskObject): number {
  const mode = store.services.get(serviceId)?.spec.mode;
  return String(mode?.kind === "replicated" ? mode.replicas : slot).length;
}

function taskLog({ flags }: Call, cluster: Cluster, task: TaskObject, width: number): readonly TaskLog[] {
  const { id, nodeId, serviceId, slot, status, spec } = task;
  if (nodeId === null || status.containerId === "") return [];
  const container = cluster.members.get(nodeId)?.engine.containers.tryFind(status.containerId) ?? null;
  if (container === null) return [];
  if (flags.bool("raw")) return [{ prefix: "", log: container.log, next: 0 }];
  const resolve = !flags.bool("no-resolve");
  const service = resolve ? spec.name : serviceId;
  const node = resolve ? (cluster.store.nodes.get(nodeId)?.hostname ?? nodeId) : nodeId;
  const shown = flags.bool("no-trunc") ? id : shortId(id);
  const taskId = flags.bool("no-task-ids") ? "" : `.${shown}`;
  const padding = " ".repeat(Math.max(0, width - String(slot).length));
  return [{ prefix: `${service}.${slot}${taskId}@${node}${padding}    | `, log: container.log, next: 0 }];
}

function* show(call: Call, logs: readonly TaskLog[]): Steps {
  for (;;) {
    const fresh = logs.flatMap((entry) => {
      const lines = entry.log.lines.slice(entry.next);
      entry.next = entry.log.lines.length;
      return lines.map((line) => ({ entry, line }));
    });
    for (const { entry, line } of fresh.sort((a, b) => a.line.at - b.line.at)) write(call, entry, line);
    if (!call.flags.bool("follow")) return 0;
    yield { kind: "outsider", queues: logs.map(({ log }) => log.grown) };
  }
}

function write({ flags, stderr, stdout }: Call, { prefix }: TaskLog, line: LogLine): void {
  const stamp = flags.bool("timestamps") ? `${rfc3339NanoFixed(timeOf(line.at))} ` : "";
  (line.stream === "stdout" ? stdout : stderr).write(stamp + prefix + line.text);
}
