import type { ProgramTable } from "../../host/process.js";
import { DockerError } from "../docker-error.js";
import type { Image } from "../images/image.js";
import { NO_NAME } from "../images/image-store.js";
import { type Layer, layerSize } from "../images/layer.js";
import { BuildError } from "./build-error.js";
import { argumentsOf } from "./config-instructions.js";
import type { Instruction } from "./dockerfile.js";
import { expandWord, splitWords } from "./expand.js";
import { type Build, configOf, type ImageConfig, type Outcome, type Stage } from "./stage.js";

/** FROM: the image that a stage begins with. Throws BuildError when it is not here: no registry is reached. */
export function beginStage(build: Build, { rest, flags, line }: Instruction): Stage {
  const platform = flags.find((flag) => !/^--platform=linux\/amd64$/.test(flag));
  if (platform !== undefined)
    throw new BuildError(`FROM ${platform.split("=")[0]} is not supported here`, line);
  const [word = "", , name = null] = splitWords(rest);
  const text = expandWord(word, build.globals);
  const earlier = build.stages.find((stage) => stage.name === text.toLowerCase());
  const image = earlier?.image ?? known(build, text, line);
  const stage: Stage = {
    name: name?.toLowerCase() ?? null,
    image,
    config: earlier?.config ?? configOf(image),
    args: new Map(),
    shell: ["/bin/sh", "-c"],
    commandSet: false,
  };
  build.stages.push(stage);
  return stage;
}

function known(build: Build, text: string, line: number): Image {
  if (text === "") throw new BuildError("base name ($) should not be blank", line);
  if (text === "scratch") throw new BuildError("FROM scratch is not supported here", line);
  try {
    const image = build.engine.images.tryFind(text);
    if (image !== null) return image;
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new BuildError(`failed to parse stage name "${text}": ${error.message}`, line);
  }
  throw new BuildError(
    `pull access denied for ${text.replace(/:[^/]*$/, "")}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
    line,
  );
}

/** An ARG before the first FROM: only FROM sees it. */
export function globalArgument(build: Build, { rest }: Instruction): void {
  for (const [name, value] of argumentsOf(rest)) {
    const held = build.args.get(name) ?? (value === null ? undefined : expandWord(value, build.globals));
    build.usedArgs.add(name);
    if (held !== undefined) build.globals.set(name, held);
  }
}

/** What a step leaves behind, beside its configuration. */
export interface Made {
  readonly createdBy: string;
  /** What the cache knows it by, where that is more than `createdBy`. */
  readonly key?: string;
  readonly comment: string;
  readonly layer: Layer | null;
  readonly container: string;
  readonly inner: boolean;
  /** The commands after it: RUN may have installed some. */
  readonly programs?: ProgramTable;
}

/** The image after a step. */
export function commit(build: Build, stage: Stage, config: ImageConfig, made: Made): Image {
  const { image: parent } = stage;
  const { engine } = build;
  const { createdBy, comment, layer, container, inner } = made;
  const image: Image = {
    ...parent,
    ...config,
    name: NO_NAME,
    tag: NO_NAME,
    id: engine.ids.id(),
    size: parent.size + (layer === null ? 0 : layerSize(layer)),
    programs: made.programs ?? parent.programs,
    local: true,
    step: {
      ...{ parent, createdBy, comment, layer, container, inner },
      createdAt: engine.host.world.scheduler.now,
      cacheKey: cacheKey(made.key ?? createdBy, stage),
    },
  };
  engine.images.add(image);
  stage.image = image;
  stage.config = config;
  return image;
}

/** The image of an earlier build with the same step on the same image; null when there is none, or it may not be used. */
export function cached(build: Build, stage: Stage, createdBy: string): Image | null {
  if (build.noCache) return null;
  const key = cacheKey(createdBy, stage);
  const found = build.engine.images.children(stage.image.id).filter(({ step }) => step?.cacheKey === key);
  return found.at(-1) ?? null;
}

/** RUN also depends on the arguments that it sees. */
function cacheKey(createdBy: string, { args }: Stage): string {
  return `${createdBy}\n${[...args].map(([name, value]) => `${name}=${value}`).join("\n")}`;
}

/** How `docker history` names a step of the classic builder. */
export function classicCreatedBy({ kind, text, argv = [], argWords = [] }: Outcome): string {
  if (kind === "config") return `/bin/sh -c #(nop)  ${text}`;
  if (kind !== "run") return `/bin/sh -c #(nop) ${text}`;
  return `${argWords.length === 0 ? "" : `|${argWords.length} ${argWords.join(" ")} `}${argv.join(" ")}`;
}
