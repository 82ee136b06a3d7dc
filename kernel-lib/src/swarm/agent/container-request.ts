import { formatIpv4 } from "../../base/addresses.js";
import type { ContainerRequest, EndpointRequest, PortBinding } from "../../docker/container/config.js";
import { GoMap, GoStruct } from "../../docker/go/value.js";
import type { Image } from "../../docker/images/image.js";
import { Template } from "../../docker/template/template.js";
import type { NetworkObject } from "../model/network.js";
import type { NodeObject } from "../model/node.js";
import type { TaskObject } from "../model/task.js";

export const TASK_ID = "com.docker.swarm.task.id";

/** `helloworld.1.udv1sett2yqhi5432qb4kgo2f`; a task of a global service has its node's id in the middle (naming.Task). */
export function taskName({ id, slot, nodeId, spec }: TaskObject): string {
  return `${spec.name}.${slot === 0 ? nodeId : slot}.${id}`;
}

/** A task's place in one network, as its container is to be there. */
export interface TaskEndpoint {
  readonly network: NetworkObject;
  readonly request: EndpointRequest;
}

/** The container that a task is to be (dockerexec's containerConfig). */
export function containerRequest(
  task: TaskObject,
  node: NodeObject,
  image: Image,
  endpoints: readonly TaskEndpoint[],
): ContainerRequest {
  const { container, limits } = task.spec;
  const expand = (text: string) =>
    text.includes("{{") ? new Template(text).execute(context(task, node)) : text;
  return {
    name: taskName(task),
    image,
    imageText: container.image,
    entrypoint: container.command.length > 0 ? container.command : image.entrypoint,
    command: container.args.length > 0 ? container.args : container.command.length > 0 ? [] : image.command,
    env: environment(container.env.map(expand), image.env),
    hostname: container.hostname === "" ? null : expand(container.hostname),
    domainname: "",
    user: container.user,
    workingDirectory: container.workingDirectory || image.workingDirectory,
    tty: container.tty,
    openStdin: false,
    attach: false,
    labels: new Map([...container.labels, ...taskLabels(task, node)]),
    exposed: [],
    ports: hostPorts(task),
    publishAll: false,
    networkMode: endpoints[0]?.network.name ?? "default",
    endpoint: endpoints[0]?.request ?? { address: null, aliases: [] },
    mac: "",
    restart: { name: "", retries: 0 },
    autoRemove: false,
    privileged: false,
    capAdd: container.capAdd,
    capDrop: container.capDrop,
    dns: container.dns,
    dnsSearch: container.dnsSearch,
    dnsOptions: container.dnsOptions,
    extraHosts: container.hosts.map(hostEntry),
    sysctls: container.sysctls,
    stopSignal: container.stopSignal || image.stopSignal,
    stopTimeout: null,
    memory: limits.memoryBytes,
  };
}

/** What `docker inspect` shows of the swarm. */
function taskLabels(task: TaskObject, node: NodeObject): readonly (readonly [string, string])[] {
  return [
    ["com.docker.swarm.node.id", node.id],
    ["com.docker.swarm.service.id", task.serviceId],
    ["com.docker.swarm.service.name", task.spec.name],
    ["com.docker.swarm.task", ""],
    [TASK_ID, task.id],
    ["com.docker.swarm.task.name", taskName(task)],
  ];
}

/** Ports in mode `host` are published as those of `docker run -p`. */
function hostPorts({ spec }: TaskObject): readonly PortBinding[] {
  return spec.ports
    .filter(({ mode }) => mode === "host")
    .map(({ publishedPort, targetPort, protocol }) => ({
      hostIp: "",
      hostPort: publishedPort === 0 ? "" : String(publishedPort),
      containerPort: targetPort,
      protocol,
    }));
}

/** The task's address in a network. The names that its service was given there are the service's, not the container's own. */
export function endpointRequest(task: TaskObject, networkId: string): EndpointRequest {
  const attachment = task.attachments.find((candidate) => candidate.networkId === networkId);
  return { address: attachment === undefined ? null : formatIpv4(attachment.address), aliases: [] };
}

/** `ADDRESS NAME` of the API is `NAME:ADDRESS` of `docker run --add-host`. */
function hostEntry(text: string): string {
  const [address = "", ...names] = text.split(/\s+/);
  return `${names[0] ?? ""}:${address}`;
}

function environment(given: readonly string[], image: readonly string[]): readonly string[] {
  const nameOf = (entry: string) => entry.split("=", 1)[0]!;
  const names = new Set(given.map(nameOf));
  return [...given, ...image.filter((entry) => !names.has(nameOf(entry)))];
}

/** What `{{.Node.Hostname}}` and the like in `--hostname` and `--env` stand for (swarmkit's template.Context). */
function context(task: TaskObject, node: NodeObject): GoStruct {
  const labels = new GoMap(task.spec.labels, "string");
  return GoStruct.of("template.Context", {
    Service: GoStruct.of("template.Service", { ID: task.serviceId, Name: task.spec.name, Labels: labels }),
    Node: GoStruct.of("template.Node", {
      ID: node.id,
      Hostname: node.hostname,
      Platform: GoStruct.of("template.Platform", { Architecture: "x86_64", OS: "linux" }),
    }),
    Task: GoStruct.of("template.Task", {
      ID: task.id,
      Name: taskName(task),
      Slot: task.slot === 0 ? node.id : String(task.slot),
    }),
  });
}
