import { Output, type Steps } from "../../host/process.js";
import { BuildError } from "../build/build-error.js";
import { buildkitBuild, byteText, fullReference } from "../build/buildkit.js";
import { checkSyntax } from "../build/check-syntax.js";
import { classicBuild, contextLine } from "../build/classic.js";
import { type Instruction, parseDockerfile } from "../build/dockerfile.js";
import { PlainProgress } from "../build/plain-progress.js";
import type { Build } from "../build/stage.js";
import { DockerError } from "../docker-error.js";
import { shortId } from "../ids.js";
import type { Image } from "../images/image.js";
import { parseReference } from "../reference.js";
import { type BuildSource, openSource } from "./build-source.js";
import { FlagError, flagsOf, splitOnce } from "./flags.js";
import { type Call, ClientError, type Subcommand } from "./subcommand.js";
import { BUILD, BUILDX_BUILD } from "./usage/build.js";

/** Options of `docker build` that the lab has a model for. Any other that is given is refused by name. */
const SUPPORTED: ReadonlySet<string> = new Set(
  "build-arg compress disable-content-trust file force-rm help label load network no-cache platform progress pull quiet rm tag target".split(
    " ",
  ),
);

/** `docker build`: an image out of a Dockerfile. Status: with the classic builder that of the command that failed. */
export const build: Subcommand = {
  names: ["build", "image build", "builder build"],
  help: BUILDX_BUILD,
  olderHelp: BUILD,
  minimum: 1,
  maximum: 1,
  *run(call) {
    for (const { name } of [...flagsOf(BUILD), ...flagsOf(BUILDX_BUILD)])
      if (call.flags.has(name) && !SUPPORTED.has(name))
        throw new ClientError(`docker build: option --${name} is not supported here`, 125);
    const tags = call.flags.values("tag").map((text) => tagOf(text, newer(call)));
    return usesBuildkit(call) ? yield* buildkit(call, tags) : yield* classic(call, tags);
  },
};

interface Tag {
  readonly name: string;
  readonly tag: string;
}

const newer = ({ engine }: Call): boolean => engine.version.messages === "28";

/** From Docker 23 on, unless DOCKER_BUILDKIT=0 says otherwise; with 20.10 where it is 1. */
function usesBuildkit(call: Call): boolean {
  const wish = call.process.env.get("DOCKER_BUILDKIT");
  return newer(call) ? wish !== "0" : wish === "1" && call.engine.version.release.startsWith("20.10");
}

function tagOf(text: string, newClient: boolean): Tag {
  try {
    return parseReference(text);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    if (newClient) throw new ClientError(`ERROR: failed to build: invalid tag "${text}": ${error.message}`);
    throw new FlagError(`invalid argument "${text}" for "-t, --tag" flag: ${error.message}`);
  }
}

function newBuild(call: Call, { context }: BuildSource): Build {
  const { flags, engine, process } = call;
  const args = flags.values("build-arg").map((text): [string, string] => {
    const [name, value] = splitOnce(text, "=");
    return [name, value ?? process.env.get(name) ?? ""];
  });
  return {
    engine,
    context,
    args: new Map(args),
    network: flags.value("network") ?? "default",
    classic: !usesBuildkit(call),
    noCache: flags.bool("no-cache"),
    keepsContainers: flags.has("rm") && !flags.bool("rm"),
    removesFailed: flags.bool("force-rm") || usesBuildkit(call),
    stages: [],
    globals: new Map(),
    usedArgs: new Set(),
  };
}

/** The Dockerfile's instructions, with a LABEL for each `--label`. */
function instructionsOf({ flags }: Call, dockerfile: string): Instruction[] {
  const instructions = parseDockerfile(dockerfile);
  checkSyntax(instructions);
  const labels = flags.values("label").map((text) => {
    const [key, value] = splitOnce(text, "=");
    return `${key}=${JSON.stringify(value ?? "")}`;
  });
  if (labels.length === 0) return instructions;
  const rest = labels.join(" ");
  return [
    ...instructions,
    { name: "LABEL", text: `LABEL ${rest}`, flags: [], rest, list: null, line: 0, lastLine: 0 },
  ];
}

function nameAll({ engine }: Call, image: Image, tags: readonly Tag[]): void {
  for (const { name, tag } of tags) engine.images.tag(image, name, tag);
}

const DEPRECATED = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
            environment-variable.

`;

function* classic(call: Call, tags: readonly Tag[]): Steps {
  const { engine, flags, stdout, stderr } = call;
  if (newer(call)) stderr.write(DEPRECATED);
  const source = openSource(call);
  const quiet = flags.bool("quiet");
  const out = quiet ? new Output() : stdout;
  const request = newBuild(call, source);
  try {
    if (source.dockerfile === "")
      throw new BuildError(`the Dockerfile (${source.name}) cannot be empty`, null, "syntax");
    out.write(contextLine(source.context.size));
    yield* engine.work(40);
    const instructions = instructionsOf(call, source.dockerfile);
    const image = yield* classicBuild(request, instructions, flags.value("target"), out);
    out.write(unusedArguments(request));
    nameAll(call, image, tags);
    out.write(`Successfully built ${shortId(image.id)}\n`);
    for (const { name, tag } of tags) out.write(`Successfully tagged ${name}:${tag}\n`);
    if (quiet) stdout.write(`sha256:${image.id}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    if (quiet) stderr.write(out.written);
    throw new ClientError(classicWords(error), error.status);
  }
}

function unusedArguments({ args, usedArgs }: Build): string {
  const unused = [...args.keys()].filter((name) => !usedArgs.has(name));
  return unused.length === 0
    ? ""
    : `[Warning] One or more build-args [${unused.join(" ")}] were not consumed\n`;
}

function classicWords({ message, line, stage }: BuildError): string {
  if (stage === "step") return message;
  const reads = line !== null ? `dockerfile parse error line ${line}: ${message}` : message;
  const whole = /two arguments$|no instructions$|^Syntax error|ESCAPE/.test(message) && line === null;
  return `Error response from daemon: ${whole ? "failed to parse Dockerfile: " : ""}${reads}`;
}

function* buildkit(call: Call, tags: readonly Tag[]): Steps {
  const { engine, flags, stdout, stderr } = call;
  const { scheduler } = engine.host.world;
  const source = openSource(call);
  const quiet = flags.bool("quiet");
  const out = quiet ? new Output() : stderr;
  const progress = new PlainProgress(
    (text) => out.write(text),
    () => scheduler.now,
  );
  const request = newBuild(call, source);
  try {
    progress.begin(`[internal] load build definition from ${source.name}`);
    yield* engine.work(20);
    progress.say(`transferring dockerfile: ${byteText(Math.max(2, source.dockerfileSize))} done`);
    progress.done();
    if (source.missing)
      throw new BuildError(`failed to read dockerfile: open ${source.name}: no such file or directory`);
    const instructions = instructionsOf(call, source.dockerfile);
    const names = tags.map(({ name, tag }) => fullReference(`${name}:${tag}`));
    const target = flags.value("target");
    const image = yield* buildkitBuild(request, { instructions, target, names, progress });
    nameAll(call, image, tags);
    if (quiet) stdout.write(`sha256:${image.id}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    stderr.write(`${progress.failure}${place(source, error)}`);
    throw new ClientError(`ERROR: failed to build: failed to solve: ${buildkitWords(error)}`);
  }
}

function buildkitWords({ message, line, stage }: BuildError): string {
  if (stage === "step") return message;
  return line === null ? message : `dockerfile parse error on line ${line}: ${message}`;
}

/** The lines of the Dockerfile around the one at fault. */
function place({ dockerfile, name }: BuildSource, { line }: BuildError): string {
  if (line === null) return "";
  const lines = dockerfile.split("\n");
  const shown = lines.map((text, i) => ({ text, number: i + 1 })).slice(Math.max(0, line - 3), line + 2);
  const rows = shown.map(
    ({ text, number }) => `${String(number).padStart(4)} | ${number === line ? ">>>" : "   "} ${text}\n`,
  );
  return `${name}:${line}\n--------------------\n${rows.join("")}--------------------\n`;
}
