import type { Steps } from "../../host/process.js";
import type { ContainerRequest } from "../container/config.js";
import type { Container } from "../container/container.js";
import { startContainer } from "../container/lifecycle.js";
import { DockerError } from "../docker-error.js";
import { parseReference } from "../reference.js";
import { attached, untilEnded } from "./attach.js";
import { flagsOf } from "./flags.js";
import { containerRequest, helped, refuseUnsupported } from "./run-options.js";
import { type Call, ClientError, daemonSays, type Subcommand } from "./subcommand.js";
import { CREATE } from "./usage/create.js";
import { RUN } from "./usage/run.js";

/** `docker run`: create, start, and be attached until it ends. Status: the program's own, 125 for Docker's, 126 and 127 for a program that cannot be run. */
export const run: Subcommand = {
  names: ["run", "container run"],
  help: RUN,
  minimum: 1,
  maximum: Infinity,
  interspersed: false,
  *run(call) {
    const { engine, flags } = call;
    if (flags.bool("detach") && flags.bool("rm") && flags.has("restart") && flags.value("restart") !== "no")
      throw new ClientError(helped("Conflicting options: --restart and --rm", older(call)), 125);
    const container = yield* createFrom(call, RUN);
    if (flags.bool("detach")) call.stdout.write(`${container.id}\n`);
    const stop = flags.bool("detach") ? null : attached(container, call.stdout, call.stderr);
    try {
      yield* startContainer(engine, container, {
        stdin: flags.bool("interactive") ? call.process.stdin : "",
      });
    } catch (error) {
      stop?.();
      if (!(error instanceof DockerError)) throw error;
      if (flags.bool("rm")) engine.containers.forget(container);
      throw new ClientError(startRefusal(call, error), Number(error.subject) || 125);
    }
    return stop === null ? 0 : yield* untilEnded(container, stop);
  },
};

/** `docker create`. */
export const create: Subcommand = {
  names: ["create", "container create"],
  help: CREATE,
  minimum: 1,
  maximum: Infinity,
  interspersed: false,
  *run(call) {
    const container = yield* createFrom(call, CREATE);
    call.stdout.write(`${container.id}\n`);
    return 0;
  },
};

function older(call: Call): boolean {
  return call.engine.version.messages !== "28";
}

function startRefusal(call: Call, error: DockerError): string {
  return older(call) ? `docker: ${daemonSays(error)}.` : helped(daemonSays(error), false);
}

function* createFrom(call: Call, help: string): Steps<Container> {
  const { engine, flags, words } = call;
  refuseUnsupported(flags, flagsOf(help));
  const [imageText = "", ...command] = words;
  try {
    const image = engine.images.tryFind(imageText);
    if (image === null) throw pullRefused(call, imageText);
    const request = containerRequest(flags, image, imageText, command, older(call));
    refuseSharedPorts(request);
    yield* engine.work(80);
    const container = engine.containers.create(request);
    warn(call, request);
    return container;
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const local = /^invalid reference format/.test(error.message);
    throw new ClientError(helped(local ? error.message : daemonSays(error), older(call)), 125);
  }
}

/** A container in another one's namespace cannot publish anything: the other one would have to. */
function refuseSharedPorts({ networkMode, ports, publishAll, exposed }: ContainerRequest): void {
  if (!networkMode.startsWith("container:")) return;
  const what = ports.length > 0 || publishAll ? "publishing" : exposed.length > 0 ? "exposing" : null;
  if (what !== null)
    throw new DockerError(`conflicting options: port ${what} and the container type network mode`, "invalid");
}

/** What the daemon warns of when it has made a container. */
function warn({ engine, stderr }: Call, { networkMode, ports }: ContainerRequest): void {
  if (engine.host.rootNetns.sysctls.get("net.ipv4.ip_forward") === "0")
    stderr.write("WARNING: IPv4 forwarding is disabled. Networking will not work.\n");
  if (networkMode === "host" && ports.length > 0)
    stderr.write("WARNING: Published ports are discarded when using host network mode\n");
}

/** The daemon asks the registry, which has nothing by that name for us. */
function pullRefused(call: Call, imageText: string): DockerError {
  const { name, tag } = parseReference(imageText);
  call.stderr.write(`Unable to find image '${name}:${tag}' locally\n`);
  return new DockerError(
    `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
    "notFound",
  );
}
