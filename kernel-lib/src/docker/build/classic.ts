import type { Output, Steps } from "../../host/process.js";
import { removeContainer } from "../container/lifecycle.js";
import { humanSize } from "../go/time.js";
import { shortId } from "../ids.js";
import type { Image } from "../images/image.js";
import type { Layer } from "../images/layer.js";
import { BuildError } from "./build-error.js";
import type { Instruction } from "./dockerfile.js";
import { INSTRUCTIONS } from "./instructions.js";
import { runStep } from "./run-step.js";
import type { Build, Outcome, Stage } from "./stage.js";
import { beginStage, cached, classicCreatedBy, commit, globalArgument } from "./steps.js";

/** Time that the daemon needs for a step without a command, in milliseconds: a container is made, committed and removed. */
const STEP_MS = 120;

/** `Sending build context to Docker daemon  6.144kB`; the client goes back to the line's beginning while it counts. */
export function contextLine(size: number): string {
  return `Sending build context to Docker daemon  ${humanSize(size, 4)}\r\r\n`;
}

/** The builder of Docker's first ten years: every step makes an image. Gives the last one. */
export function* classicBuild(
  build: Build,
  instructions: readonly Instruction[],
  target: string | null,
  out: Output,
): Steps<Image> {
  let stage: Stage | null = null;
  const wanted = upTo(instructions, target);
  for (const [i, instruction] of wanted.entries()) {
    out.write(`Step ${i + 1}/${wanted.length} : ${instruction.text}\n`);
    if (instruction.name === "FROM") {
      stage = beginStage(build, instruction);
      yield* build.engine.work(20);
      out.write(` ---> ${shortId(stage.image.id)}\n`);
    } else if (stage === null) globalArgument(build, instruction);
    else yield* step(build, stage, instruction, out);
  }
  return stage!.image;
}

/** The instructions up to the end of the stage that is asked for. */
function upTo(instructions: readonly Instruction[], target: string | null): readonly Instruction[] {
  if (target === null) return instructions;
  const starts = instructions.flatMap(({ name, rest }, i) => (name === "FROM" ? [{ i, rest }] : []));
  const found = starts.findIndex(
    ({ rest }, n) => String(n) === target || new RegExp(`\\sas\\s+${target}$`, "i").test(rest),
  );
  if (found < 0) throw new BuildError(`failed to reach build target ${target} in Dockerfile`, null, "syntax");
  return instructions.slice(0, starts[found + 1]?.i ?? instructions.length);
}

function* step(build: Build, stage: Stage, instruction: Instruction, out: Output): Steps<void> {
  const outcome = INSTRUCTIONS[instruction.name]!(build, stage, instruction);
  const createdBy = classicCreatedBy(outcome);
  const known = cached(build, stage, createdBy);
  if (known !== null) {
    yield* build.engine.work(5);
    stage.image = known;
    stage.config = outcome.config;
    out.write(` ---> Using cache\n ---> ${shortId(known.id)}\n`);
    return;
  }
  if (outcome.kind === "run") return yield* command(build, stage, instruction, outcome, createdBy, out);
  let layer: Layer | null = null;
  let container = "";
  if (outcome.kind !== "copy") {
    container = build.engine.ids.id();
    out.write(` ---> Running in ${shortId(container)}\n`);
  }
  yield* build.engine.work(STEP_MS);
  if (outcome.layer !== undefined) layer = outcome.layer();
  if (container !== "" && !build.keepsContainers)
    out.write(`Removing intermediate container ${shortId(container)}\n`);
  const image = commit(build, stage, outcome.config, {
    createdBy,
    comment: "",
    layer,
    container,
    inner: false,
  });
  out.write(` ---> ${shortId(image.id)}\n`);
}

function* command(
  build: Build,
  stage: Stage,
  { line }: Instruction,
  outcome: Outcome,
  createdBy: string,
  out: Output,
): Steps<void> {
  const { layer, container } = yield* runStep(build, stage, outcome, line, {
    onStart: ({ id }) => out.write(` ---> Running in ${shortId(id)}\n`),
    // What comes from standard error is red, line by line.
    onOutput: (stream, text) => out.write(stream === "stdout" ? text : red(text)),
  });
  if (!build.keepsContainers) {
    yield* removeContainer(build.engine, container, true);
    out.write(`Removing intermediate container ${shortId(container.id)}\n`);
  }
  const { programs } = container;
  const image = commit(build, stage, outcome.config, {
    ...{ createdBy, comment: "", layer, container: container.id, inner: false, programs },
  });
  out.write(` ---> ${shortId(image.id)}\n`);
}

function red(text: string): string {
  return text
    .split(/(?<=\n)/)
    .map((line) => `\x1b[91m${line}\x1b[0m`)
    .join("");
}
