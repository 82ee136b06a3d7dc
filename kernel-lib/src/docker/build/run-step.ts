import type { Steps } from "../../host/process.js";
import { untilEnded } from "../command/attach.js";
import type { ContainerRequest } from "../container/config.js";
import type { Container } from "../container/container.js";
import { removeContainer, signal, startContainer } from "../container/lifecycle.js";
import { DockerError } from "../docker-error.js";
import { changesBetween, type Layer, treeOf } from "../images/layer.js";
import { BuildError } from "./build-error.js";
import type { Build, ImageConfig, Outcome, Stage } from "./stage.js";

/** What RUN has made. */
export interface Ran {
  readonly layer: Layer;
  readonly container: Container;
}

export interface RunOptions {
  readonly onStart: (container: Container) => void;
  readonly onOutput: (stream: "stdout" | "stderr", text: string) => void;
}

/** Runs a RUN in a container of its own, as `docker run` would, and gives what it has changed. Throws BuildError when it fails. */
export function* runStep(
  build: Build,
  stage: Stage,
  outcome: Outcome,
  line: number,
  options: RunOptions,
): Steps<Ran> {
  const { engine } = build;
  const container = create(build, stage, outcome, line);
  options.onStart(container);
  const before = treeOf(container.files);
  const stop = container.log.attach(options.onOutput);
  try {
    yield* startContainer(engine, container);
    const status = yield* untilEnded(container, stop);
    if (status !== 0) throw failure(outcome, line, status);
    return { layer: changesBetween(before, treeOf(container.files)), container };
  } catch (error) {
    if (build.removesFailed) yield* removeContainer(engine, container, true);
    throw error instanceof DockerError ? new BuildError(error.message, line) : error;
  } finally {
    stop();
    if (container.running) signal(container, "SIGKILL");
  }
}

function create(build: Build, stage: Stage, outcome: Outcome, line: number): Container {
  try {
    return build.engine.containers.create(
      requestOf(build, { ...stage, image: { ...stage.image, user: stage.config.user } }, outcome),
    );
  } catch (error) {
    throw error instanceof DockerError ? new BuildError(error.message, line) : error;
  }
}

function failure({ argv = [] }: Outcome, line: number, status: number): BuildError {
  return new BuildError(
    `The command '${argv.join(" ")}' returned a non-zero code: ${status}`,
    line,
    "step",
    status,
  );
}

function requestOf(build: Build, stage: Stage, { argv = [], argWords = [] }: Outcome): ContainerRequest {
  const { env, workingDirectory }: ImageConfig = stage.config;
  return {
    ...{ name: null, image: stage.image, imageText: stage.image.id.slice(0, 12) },
    ...{ entrypoint: null, command: argv, env: [...env, ...argWords], workingDirectory },
    ...{ hostname: null, domainname: "", user: "", tty: false, openStdin: false, attach: true },
    ...{ labels: new Map(), exposed: [], ports: [], publishAll: false },
    ...{ networkMode: build.network, endpoint: { address: null, aliases: [] }, mac: "" },
    ...{ restart: { name: "no", retries: 0 }, autoRemove: false, privileged: false },
    ...{ capAdd: [], capDrop: [], dns: [], dnsSearch: [], dnsOptions: [], extraHosts: [] },
    ...{ sysctls: new Map(), stopSignal: null, stopTimeout: null, memory: 0 },
  };
}
