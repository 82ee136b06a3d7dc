import { KernelError } from "../../base/errno.js";
import type { Steps } from "../../host/process.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { imageFiles } from "../images/image-files.js";
import type { Network } from "../network/network.js";
import type { ContainerRequest, EndpointRequest } from "./config.js";
import { Container } from "./container.js";
import { checkName } from "./etc.js";
import { ContainerLog } from "./log.js";

/** The containers of an engine, by name and id. */
export class Containers {
  private readonly byId = new Map<string, Container>();

  constructor(private readonly engine: Engine) {}

  /** Newest first, as `docker ps` lists them. */
  list(): Container[] {
    return [...this.byId.values()].reverse();
  }

  /** By id, name, or the beginning of an id. Null when there is none. */
  tryFind(text: string): Container | null {
    const all = [...this.byId.values()];
    const exact = this.byId.get(text) ?? all.find((container) => container.name === text.replace(/^\//, ""));
    if (exact !== undefined) return exact;
    const matches = text === "" ? [] : all.filter((container) => container.id.startsWith(text));
    if (matches.length > 1)
      throw new DockerError(`Multiple IDs found with provided prefix: ${text}`, "invalid");
    return matches[0] ?? null;
  }

  find(text: string): Container {
    const container = this.tryFind(text);
    if (container === null) throw new DockerError(`No such container: ${text}`, "notFound", "container");
    return container;
  }

  /** Makes a container. Its networks and ports are looked at when it starts, as in Docker: a start that is refused leaves it in state Created. */
  create(request: ContainerRequest): Container {
    const { engine } = this;
    const name = request.name === null ? this.newName() : request.name.replace(/^\//, "");
    if (request.name !== null) {
      checkName(request.name);
      const other = [...this.byId.values()].find((container) => container.name === name);
      if (other !== undefined) throw conflict(name, other);
    }
    refuseUser(request);
    const id = engine.ids.id();
    const { scheduler } = engine.host.world;
    const programs = new Map(request.image.programs);
    const hostname = request.hostname ?? id.slice(0, 12);
    const files = imageFiles(engine.host, request.image, hostname, programs);
    const container = new Container(
      id,
      name,
      scheduler.now,
      request,
      files,
      programs,
      new ContainerLog(scheduler),
      new WaitQueue(scheduler),
    );
    this.addFirstNetwork(container);
    this.byId.set(id, container);
    return container;
  }

  private addFirstNetwork(container: Container): void {
    const mode = container.request.networkMode;
    if (mode.startsWith("container:")) {
      this.find(mode.slice("container:".length));
      return;
    }
    const name = mode === "default" ? "bridge" : mode;
    const network = this.engine.networks.tryFind(name);
    container.networks.set(network?.name ?? name, endpointRequest(container, network));
  }

  rename(container: Container, name: string): void {
    checkName(name);
    const other = [...this.byId.values()].find((candidate) => candidate.name === name);
    if (other !== undefined)
      throw new DockerError(`Error when allocating new name: ${conflict(name, other).message}`, "conflict");
    container.name = name;
    container.named = true;
  }

  /** Forgets a container that does not run. */
  forget(container: Container): void {
    this.byId.delete(container.id);
    container.status = "removing";
    container.changed.wakeAll();
  }

  private newName(): string {
    for (let attempt = 0; ; attempt++) {
      const name = this.engine.ids.containerName(attempt);
      if (![...this.byId.values()].some((container) => container.name === name)) return name;
    }
  }
}

/** Processes of the lab have no accounts. */
function refuseUser({ image: { user = "" } }: ContainerRequest): void {
  if (!["", "root", "0", "root:root", "0:0"].includes(user))
    throw new DockerError(
      `USER ${user} of the image is not supported here: every process is root's`,
      "invalid",
    );
}

function conflict(name: string, other: Container): DockerError {
  return new DockerError(
    `Conflict. The container name "/${name}" is already in use by container "${other.id}". You have to remove (or rename) that container to be able to reuse that name.`,
    "conflict",
  );
}

/** On a network of the user's a container also goes by its short id and by the host name it was given, each once. */
export function endpointRequest(
  container: Container,
  network: Network | null,
  given: EndpointRequest = container.request.endpoint,
): EndpointRequest {
  const { hostname } = container.request;
  const own = [container.id.slice(0, 12), ...(hostname === null ? [] : [hostname])];
  const aliases = network?.userDefined
    ? [...given.aliases, ...own.filter((name, i) => ![...given.aliases, ...own.slice(0, i)].includes(name))]
    : [];
  return { address: given.address, aliases };
}

/** Runs `body`; when the machine's kernel refuses, the daemon says so. */
export function* inDaemonWords<T>(body: Steps<T>): Steps<T> {
  try {
    return yield* body;
  } catch (error) {
    if (error instanceof KernelError) throw new DockerError(error.message.toLowerCase());
    throw error;
  }
}
