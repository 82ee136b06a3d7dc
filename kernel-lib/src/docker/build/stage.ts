import type { Engine } from "../engine.js";
import type { Image } from "../images/image.js";
import type { Layer } from "../images/layer.js";
import type { BuildContext } from "./context.js";
import type { Instruction } from "./dockerfile.js";

/** What an image says about how it is run; the steps of a build change it. */
export interface ImageConfig {
  readonly env: readonly string[];
  readonly workingDirectory: string;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[];
  readonly exposed: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly volumes: readonly string[];
  readonly user: string;
  readonly stopSignal: string | null;
}

/** What is asked of a build. */
export interface Build {
  readonly engine: Engine;
  readonly context: BuildContext;
  /** Values of `--build-arg`. */
  readonly args: ReadonlyMap<string, string>;
  /** `--network` of the RUN steps. */
  readonly network: string;
  /** By the builder of before BuildKit. */
  readonly classic: boolean;
  readonly noCache: boolean;
  /** Intermediate containers stay (`--rm=false`). */
  readonly keepsContainers: boolean;
  /** Also the container of a step that failed goes (`--force-rm`). */
  readonly removesFailed: boolean;
  readonly stages: Stage[];
  /** ARGs before the first FROM. */
  readonly globals: Map<string, string>;
  /** Those of `--build-arg` that an ARG has asked for. */
  readonly usedArgs: Set<string>;
}

/** One FROM and what follows. */
export interface Stage {
  readonly name: string | null;
  /** The image so far. */
  image: Image;
  config: ImageConfig;
  /** Values of ARG, for this stage only. */
  readonly args: Map<string, string>;
  shell: readonly string[];
  /** CMD was set here, so that ENTRYPOINT leaves it. */
  commandSet: boolean;
}

/** What an instruction comes to. */
export interface Outcome {
  /** `config`: the classic builder makes a container for it that never runs. `plain`: WORKDIR, which has one too; `copy` has none; `run` has one that runs. */
  readonly kind: "config" | "plain" | "copy" | "run";
  /** As `docker history` names it, without the shell that the classic builder puts before. */
  readonly text: string;
  readonly config: ImageConfig;
  /** Words of the command of RUN. */
  readonly argv?: readonly string[];
  /** Values of ARG that the command sees: `V=3`. */
  readonly argWords?: readonly string[];
  /** Makes the layer of WORKDIR, COPY and ADD. */
  readonly layer?: () => Layer;
}

/** Gives what an instruction comes to. Throws BuildError. */
export type Handler = (build: Build, stage: Stage, instruction: Instruction) => Outcome;

/** Variables as an instruction sees them: the environment covers the arguments. */
export function variablesOf({ args, config }: Stage): ReadonlyMap<string, string> {
  const pairs = config.env.map((entry): [string, string] => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return new Map([...args, ...pairs]);
}

export function configOf(image: Image): ImageConfig {
  const {
    env,
    workingDirectory,
    entrypoint,
    command,
    exposed,
    labels,
    stopSignal,
    volumes = [],
    user = "",
  } = image;
  return { env, workingDirectory, entrypoint, command, exposed, labels, stopSignal, volumes, user };
}
