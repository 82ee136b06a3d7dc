import { ms, type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps, Uts } from "../../host/process.js";
import { sleep } from "../../host/waits.js";
import type { Netns } from "../../stack/netns.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { attachAll, attachedRequest } from "../network/attach.js";
import { gatewayEndpoint } from "../network/gateway-endpoint.js";
import { NETNS_DIRECTORY, netnsCommands } from "../network/mounted-netns.js";
import { placeOfProcess } from "../network/place.js";
import { publishPorts, unpublishPorts } from "../network/publish.js";
import { checkEndpoint, join, leaveAll } from "../network/sandbox.js";
import type { Container } from "./container.js";
import { type MachineEtc, writeEtc } from "./etc.js";
import { execError } from "./exec-error.js";

/** How a container is started: with whose standard input, if any. */
export interface StartOptions {
  readonly stdin?: string;
}

/** Starts a container: process and namespace, then its networks, then the program. A failure takes all of it back and leaves the message in the container. */
export function* startContainer(
  engine: Engine,
  container: Container,
  options: StartOptions = {},
): Steps<void> {
  if (container.running) return;
  yield* engine.exclusively(start(engine, container, options));
}

function* start(engine: Engine, container: Container, options: StartOptions): Steps<void> {
  const { argv, request } = container;
  if (argv.length === 0) throw new DockerError("No command specified", "invalid");
  yield* engine.work(120);
  yield* attachAll(engine, container);
  for (const [name, endpoint] of container.networks) checkEndpoint(engine.networks.find(name), endpoint);
  const missing = execError(container, argv[0]!);
  if (missing !== null) {
    container.exitCode = missing.status;
    container.error = missing.message;
    throw new DockerError(
      `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${missing.message}: unknown`,
      "server",
      String(missing.status),
    );
  }
  const shared = sharedSandbox(engine, container);
  const process = spawnHeld(engine, container, shared, options);
  const id = engine.ids.id();
  const key = `${NETNS_DIRECTORY}/${request.networkMode === "host" ? "default" : id.slice(0, 12)}`;
  const before = container.sandboxId;
  container.sandboxId = shared === null || request.networkMode === "host" ? id : "";
  try {
    yield* connectAll(engine, container, process, shared !== null);
    container.mappings = yield* publishPorts(engine, container, gatewayEndpoint(container));
  } catch (error) {
    process.kill("SIGKILL");
    container.sandboxId = before;
    yield* leaveAll(engine, container);
    container.error = error instanceof Error ? error.message : String(error);
    container.exitCode = 128;
    throw error;
  }
  if (shared === null) mountKey(engine, key, process.netns);
  container.sandbox = { id, key, process, netns: process.netns, startedAt: engine.host.world.scheduler.now };
  container.sandboxKey = container.sandboxId === "" ? "" : key;
  writeEtc(container, machineEtc(engine));
  yield* engine.work(130);
  run(engine, container, process);
}

/** Lets the program begin and watches for its end. */
function run(engine: Engine, container: Container, process: Process): void {
  container.status = "running";
  container.error = "";
  container.exitCode = 0;
  container.stoppedByHand = false;
  container.startedAt = engine.host.world.scheduler.now;
  container.changed.wakeAll();
  engine.daemon.spawn({
    argv: [
      "/usr/bin/containerd-shim-runc-v2",
      "-namespace",
      "moby",
      "-id",
      container.id,
      "-address",
      "/run/containerd/containerd.sock",
    ],
    program: () => watch(engine, container, process),
  });
  process.start();
}

function* watch(engine: Engine, container: Container, process: Process): Steps {
  while (process.exitCode === null) yield { kind: "wait", queues: [process.exited], deadline: null };
  // Where dockerd was killed, the next one takes the container's end.
  while (engine.state === "down") yield { kind: "wait", queues: [engine.changed], deadline: null };
  yield* engine.exclusively(ended(engine, container, process.exitCode));
  if (container.request.autoRemove) engine.containers.forget(container);
  else yield* restartByPolicy(engine, container);
  return 0;
}

function* ended(engine: Engine, container: Container, exitCode: number): Steps<void> {
  const { key } = container.sandbox!;
  const finishedAt = engine.host.world.scheduler.now;
  container.log.flush();
  // The shim tells containerd, which tells dockerd: meanwhile the kernel has closed the program's sockets, and what it sent for them has left.
  yield* engine.work(1);
  yield* unpublishPorts(engine, container.mappings);
  yield* leaveAll(engine, container);
  if (key !== `${NETNS_DIRECTORY}/default` && container.sandboxId !== "") unmountKey(engine, key);
  container.sandbox = null;
  container.mappings = [];
  container.gateway = null;
  container.nextDevices.clear();
  container.execs.clear();
  container.exitCode = container.gracefulExit ?? exitCode;
  container.gracefulExit = null;
  container.finishedAt = finishedAt;
  container.status = "exited";
  container.changed.wakeAll();
}

/** `--restart`: 100 ms after the end, twice as long after each further one (restartmanager). */
function* restartByPolicy(engine: Engine, container: Container): Steps<void> {
  const { name, retries } = container.request.restart;
  const wanted =
    name === "always" ||
    name === "unless-stopped" ||
    (name === "on-failure" &&
      container.exitCode !== 0 &&
      (retries === 0 || container.restartCount < retries));
  if (!wanted || container.stoppedByHand || engine.state !== "up") return;
  yield* sleep(engine.host.init, ms(Math.min(60_000, 100 * 2 ** container.restartCount)));
  if (container.running || container.stoppedByHand || container.status === "removing") return;
  if (engine.state !== "up") return;
  container.restartCount++;
  yield* startContainer(engine, container);
}

function spawnHeld(
  engine: Engine,
  container: Container,
  shared: Shared | null,
  options: StartOptions,
): Process {
  const { request, log } = container;
  const { host } = engine;
  const netns = shared?.netns ?? host.createNetns(container.name);
  const stdout = log.output("stdout");
  const cwd = request.workingDirectory === "" ? "/" : request.workingDirectory;
  // The engine makes the working directory where the image has none.
  if (!container.files.exists(cwd)) container.files.mkdir(cwd, { recursive: true });
  return engine.daemon.spawn({
    argv: container.argv,
    netns,
    files: container.files,
    programs: container.programs,
    env: containerEnvironment(container, request.tty, request.env),
    cwd,
    stdin: options.stdin ?? "",
    stdout,
    stderr: request.tty ? stdout : log.output("stderr"),
    tty: request.tty,
    uts: shared?.uts ?? { hostname: container.hostname },
    newPidNamespace: true,
    held: true,
    cause: engine.serving.cause,
  });
}

/** PATH, HOSTNAME, TERM on a terminal, what was given, HOME: in the order in which runc sets them. */
export function containerEnvironment(
  container: Container,
  tty: boolean,
  given: readonly string[],
): Map<string, string> {
  const env = new Map<string, string>([
    ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ["HOSTNAME", container.hostname],
  ]);
  if (tty) env.set("TERM", "xterm");
  for (const entry of given) {
    const at = entry.indexOf("=");
    if (at > 0) env.set(entry.slice(0, at), entry.slice(at + 1));
  }
  if (!env.has("HOME")) env.set("HOME", "/root");
  return env;
}

interface Shared {
  readonly netns: Netns;
  readonly uts: Uts;
}

/** The machine's own namespace, or another container's. */
function sharedSandbox(engine: Engine, container: Container): Shared | null {
  const mode = container.request.networkMode;
  if (mode === "host") return { netns: engine.host.rootNetns, uts: engine.host.uts };
  if (!mode.startsWith("container:")) return null;
  const other = engine.containers.find(mode.slice("container:".length));
  if (other.sandbox === null)
    throw new DockerError(`cannot join network of a non running container: ${other.id}`, "conflict");
  return { netns: other.sandbox.netns, uts: other.sandbox.process.uts };
}

function* connectAll(engine: Engine, container: Container, process: Process, shared: boolean): Steps<void> {
  if (!shared) {
    for (const argv of netnsCommands(placeOfProcess(process.pid))) yield* engine.must(argv);
  }
  for (const [name, request] of container.networks)
    yield* join(
      engine,
      container,
      engine.networks.find(name),
      process,
      attachedRequest(container, name, request),
    );
}

function mountKey(engine: Engine, key: string, netns: Netns): void {
  engine.host.files.write(key, "");
  engine.host.files.mountNetns(key, netns);
}

function unmountKey(engine: Engine, key: string): void {
  engine.host.files.unmountNetns(key);
  engine.host.files.unlink(key);
}

function machineEtc(engine: Engine): MachineEtc {
  const { files, uts } = engine.host;
  const read = (path: string) => (files.exists(path) ? files.readText(path) : "");
  return {
    hostname: uts.hostname,
    hosts: read("/etc/hosts"),
    resolv: read("/etc/resolv.conf"),
    dns: engine.settings,
  };
}

/** Asks the first process to end, and kills it when it has not after `patience`. As process 1 it ignores what it has no handler for. */
export function* stopContainer(
  engine: Engine,
  container: Container,
  patience: Nanoseconds | null,
): Steps<void> {
  if (!container.running) return;
  container.stoppedByHand = true;
  const deadline =
    engine.host.world.scheduler.now + (patience ?? seconds(container.request.stopTimeout ?? 10));
  signal(container, container.request.stopSignal ?? "SIGTERM");
  yield* untilStopped(engine, container, deadline);
  container.sandbox?.process.kill("SIGKILL");
  yield* untilStopped(engine, container, null);
}

/** Sends a signal to the first process. */
export function signal(container: Container, name: string): void {
  const { process } = container.sandbox!;
  if (name === "SIGKILL" || name === "KILL") {
    container.stoppedByHand = true;
    process.kill("SIGKILL");
    return;
  }
  const status = container.request.image.stopsWith.get(container.argv[0]!.replace(/^.*\//, ""));
  if (status !== undefined && ["SIGTERM", "SIGQUIT", "SIGINT"].includes(name)) {
    container.gracefulExit = status;
    process.kill("SIGKILL");
  } else if (name === "SIGTERM" || name === "SIGINT" || name === "SIGHUP" || name === "SIGQUIT")
    process.kill(name);
}

export function* untilStopped(
  engine: Engine,
  container: Container,
  deadline: Nanoseconds | null,
): Steps<void> {
  const { scheduler } = engine.host.world;
  while (container.running && (deadline === null || scheduler.now < deadline))
    yield { kind: "wait", queues: [container.changed], deadline };
}

/** Takes a container away. Throws DockerError when it runs, unless by force. */
export function* removeContainer(engine: Engine, container: Container, force: boolean): Steps<void> {
  if (container.running) {
    if (!force) {
      throw new DockerError(
        engine.version.messages === "28"
          ? `cannot remove container "${container.name}": container is running: stop the container before removing or force remove`
          : `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
        "conflict",
      );
    }
    signal(container, "SIGKILL");
    yield* untilStopped(engine, container, null);
  }
  engine.containers.forget(container);
  yield* engine.work(30);
}
