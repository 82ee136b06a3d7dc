import type { Steps } from "../../host/process.js";
import { removeContainer } from "../container/lifecycle.js";
import type { Image } from "../images/image.js";
import { BuildError } from "./build-error.js";
import type { Instruction } from "./dockerfile.js";
import { splitWords } from "./expand.js";
import { INSTRUCTIONS } from "./instructions.js";
import type { PlainProgress } from "./plain-progress.js";
import { runStep } from "./run-step.js";
import type { Build, Outcome, Stage } from "./stage.js";
import { beginStage, cached, commit, globalArgument } from "./steps.js";

/** Steps that make a layer; the others only change the configuration and are not told of. */
const LAYERED: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);
const COMMENT = "buildkit.dockerfile.v0";

export interface BuildkitRequest {
  readonly instructions: readonly Instruction[];
  readonly target: string | null;
  /** Names as the progress shows them: `docker.io/library/chat-app:latest`. */
  readonly names: readonly string[];
  readonly progress: PlainProgress;
}

/** One stage of the Dockerfile with its instructions. */
interface Part {
  readonly from: Instruction;
  readonly body: readonly Instruction[];
  readonly name: string | null;
  readonly index: number;
}

/** The builder of Docker 23 and later, as it tells of itself without a terminal. Stages that nothing needs are left out. Gives the image. */
export function* buildkitBuild(build: Build, request: BuildkitRequest): Steps<Image> {
  const { instructions, progress, target } = request;
  const parts = partsOf(instructions);
  for (const instruction of instructions) {
    if (instruction.name === "FROM") break;
    globalArgument(build, instruction);
  }
  const last = wantedPart(parts, target);
  const needed = neededParts(parts, last);
  for (const reference of new Set(needed.flatMap(({ from }) => outsideImage(build, parts, from)))) {
    progress.begin(`[internal] load metadata for ${reference}`);
    yield* build.engine.work(10);
    progress.done();
  }
  progress.begin("[internal] load .dockerignore");
  yield* build.engine.work(5);
  progress.say(`transferring context: ${build.context.ignoreSize}B done`);
  progress.done();
  let loaded = false;
  for (const part of parts) {
    if (!needed.includes(part)) {
      build.stages.push(NO_STAGE);
      continue;
    }
    yield* stageOf(build, request, part, parts.length > 1, function* () {
      if (!loaded) yield* loadContext(build, progress);
      loaded = true;
    });
  }
  const { image } = build.stages.at(last.index)!;
  yield* exported(build, request, image);
  return image;
}

/** Stands for a stage that is not built. */
const NO_STAGE = { name: null } as unknown as Stage;

function partsOf(instructions: readonly Instruction[]): Part[] {
  const parts: { from: Instruction; body: Instruction[]; name: string | null; index: number }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === "FROM") {
      const name = splitWords(instruction.rest)[2]?.toLowerCase() ?? null;
      parts.push({ from: instruction, body: [], name, index: parts.length });
    } else parts.at(-1)?.body.push(instruction);
  }
  return parts;
}

function wantedPart(parts: readonly Part[], target: string | null): Part {
  const found =
    target === null
      ? parts.at(-1)
      : parts.find(({ name, index }) => name === target.toLowerCase() || String(index) === target);
  if (found === undefined) throw new BuildError(`target stage "${target}" could not be found`);
  return found;
}

/** The stages that a stage stands on or copies from, and itself. */
function neededParts(parts: readonly Part[], wanted: Part): Part[] {
  const needed = new Set<Part>();
  const visit = (part: Part): void => {
    if (needed.has(part)) return;
    needed.add(part);
    const froms = part.body.flatMap(({ flags }) =>
      flags.flatMap((flag) => /^--from=(.*)$/.exec(flag)?.[1] ?? []),
    );
    for (const word of [splitWords(part.from.rest)[0]!, ...froms]) {
      const other = parts.find(
        ({ name, index }) => index < part.index && (name === word.toLowerCase() || String(index) === word),
      );
      if (other !== undefined) visit(other);
    }
  };
  visit(wanted);
  return parts.filter((part) => needed.has(part));
}

function outsideImage(build: Build, parts: readonly Part[], from: Instruction): string[] {
  const word = splitWords(from.rest)[0]!.replace(
    /\$\{?(\w+)\}?/g,
    (_, name: string) => build.globals.get(name) ?? "",
  );
  return parts.some(({ name }) => name === word.toLowerCase()) ? [] : [fullReference(word)];
}

/** `node:24` → `docker.io/library/node:24`. */
export function fullReference(text: string): string {
  const tagged = /:[^/]*$/.test(text) ? text : `${text}:latest`;
  return /^[^/]+[.:][^/]*\//.test(tagged)
    ? tagged
    : `docker.io/${tagged.includes("/") ? tagged : `library/${tagged}`}`;
}

function* loadContext(build: Build, progress: PlainProgress): Steps<void> {
  progress.begin("[internal] load build context");
  yield* build.engine.work(15);
  progress.say(`transferring context: ${byteText(build.context.contentSize)} done`);
  progress.done();
}

/** `251B`, `18.94kB`. */
export function byteText(bytes: number): string {
  return bytes < 1000 ? `${bytes}B` : `${(bytes / 1000).toFixed(2)}kB`;
}

function* stageOf(
  build: Build,
  request: BuildkitRequest,
  part: Part,
  several: boolean,
  load: () => Steps<void>,
): Steps<void> {
  const { progress } = request;
  const layered = part.body.filter(({ name }) => LAYERED.has(name));
  const prefix = part.name ?? (several ? `stage-${part.index}` : "");
  const total = layered.length + 1;
  const label = (n: number) =>
    `[${prefix === "" ? "" : `${prefix} `}${String(n).padStart(String(total).length)}/${total}]`;
  const earlier = build.stages.length;
  const stage = beginStage(build, part.from);
  if (!build.stages.slice(0, earlier).some(({ image }) => image === stage.image)) {
    progress.begin(`${label(1)} FROM ${fullReference(stageImageName(build, part))}`);
    yield* build.engine.work(5);
    progress.done();
  }
  let n = 1;
  for (const [i, instruction] of part.body.entries()) {
    const outcome = INSTRUCTIONS_OF(build, stage, instruction);
    const inner = i < part.body.length - 1;
    if (!LAYERED.has(instruction.name)) {
      configure(build, stage, outcome, inner);
      continue;
    }
    n++;
    if (outcome.kind === "copy" && !instruction.flags.some((flag) => flag.startsWith("--from=")))
      yield* load();
    yield* layerStep(build, stage, instruction, outcome, inner, `${label(n)} ${instruction.text}`, progress);
  }
}

function stageImageName(build: Build, { from }: Part): string {
  return splitWords(from.rest)[0]!.replace(
    /\$\{?(\w+)\}?/g,
    (_, name: string) => build.globals.get(name) ?? "",
  );
}

const INSTRUCTIONS_OF = (build: Build, stage: Stage, instruction: Instruction): Outcome =>
  INSTRUCTIONS[instruction.name]!(build, stage, instruction);

function configure(build: Build, stage: Stage, outcome: Outcome, inner: boolean): void {
  const createdBy = outcome.text;
  const known = usable(cached(build, stage, createdBy), inner);
  if (known === null) {
    commit(build, stage, outcome.config, { createdBy, comment: COMMENT, layer: null, container: "", inner });
    return;
  }
  stage.image = known;
  stage.config = outcome.config;
}

/** A step within is no image, and an image no step within. */
function usable(image: Image | null, inner: boolean): Image | null {
  return image?.step?.inner === inner ? image : null;
}

function* layerStep(
  build: Build,
  stage: Stage,
  { line, text, name }: Instruction,
  outcome: Outcome,
  inner: boolean,
  title: string,
  progress: PlainProgress,
): Steps<void> {
  const createdBy =
    outcome.kind === "run"
      ? `RUN ${(outcome.argWords?.length ?? 0) > 0 ? `|${outcome.argWords!.length} ${outcome.argWords!.join(" ")} ` : ""}${outcome.argv!.join(" ")} # buildkit`
      : outcome.kind === "plain"
        ? outcome.text
        : `${name}${text.slice(name.length)} # buildkit`;
  // The key holds the hash of what is copied; the history shows the words.
  const key = outcome.kind === "copy" ? `${createdBy} ${outcome.text}` : createdBy;
  const known = usable(cached(build, stage, key), inner);
  progress.begin(title);
  if (known !== null) {
    stage.image = known;
    stage.config = outcome.config;
    progress.cached();
    return;
  }
  const made = { createdBy, key, comment: COMMENT, container: "", inner };
  if (outcome.kind === "run") {
    try {
      const ran = yield* runStep(build, stage, outcome, line, {
        onStart: () => {},
        onOutput: (_, chunk) => progress.output(chunk),
      });
      yield* removeContainer(build.engine, ran.container, true);
      commit(build, stage, outcome.config, { ...made, layer: ran.layer, programs: ran.container.programs });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      const message = runFailure(error, outcome);
      progress.failed(message);
      throw new BuildError(message, line, "step");
    }
  } else {
    yield* build.engine.work(20);
    commit(build, stage, outcome.config, { ...made, layer: outcome.layer!() });
  }
  progress.done();
}

function runFailure({ status, message }: BuildError, { argv = [] }: Outcome): string {
  if (/returned a non-zero code/.test(message))
    return `process "${argv.join(" ")}" did not complete successfully: exit code: ${status}`;
  return message;
}

function* exported(build: Build, { progress, names }: BuildkitRequest, image: Image): Steps<void> {
  progress.begin("exporting to image");
  progress.say("exporting layers");
  const start = progress.clock();
  yield* build.engine.work(40);
  progress.say(`exporting layers ${((progress.clock() - start) / 1e9).toFixed(1)}s done`);
  progress.say(`writing image sha256:${image.id} done`);
  for (const name of names) progress.say(`naming to ${name} done`);
  progress.done();
}
