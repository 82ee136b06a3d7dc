import { commandLine } from "../base/command-line.js";
import type { Process, Program, Steps } from "../host/process.js";
import { COMMANDS } from "./command/commands.js";
import { daemonDown } from "./command/daemon-down.js";
import { FlagError, flagsOf, parseFlags } from "./command/flags.js";
import { type Call, ClientError, daemonSays, type Subcommand } from "./command/subcommand.js";
import { CONTAINER, DOCKER, IMAGE, NETWORK } from "./command/usage/groups.js";
import {
  arityRefusal,
  commandHelp,
  flagRefusal,
  helpOf,
  helpText,
  usageLine,
} from "./command/usage-errors.js";
import { inDaemonWords } from "./container/containers.js";
import { DockerError } from "./docker-error.js";
import type { Engine } from "./engine.js";
import { TemplateError } from "./template/template-error.js";

const GROUPS: Readonly<Record<string, string>> = { container: CONTAINER, image: IMAGE, network: NETWORK };
const GLOBAL_FLAGS = flagsOf(DOCKER);

/** The `docker` command, talking to one engine. */
export function dockerProgram(engine: Engine): Program {
  return (process) => dispatch(engine, process);
}

function dispatch(engine: Engine, process: Process): number | Steps {
  const { version } = engine;
  let globals: ReturnType<typeof parseFlags>;
  try {
    globals = parseFlags(
      process.argv.slice(1),
      [...GLOBAL_FLAGS, { name: "help", short: "h", type: "bool" }],
      { interspersed: false },
    );
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    process.stderr.write(
      version.messages === "28"
        ? `${error.message}\n\n${usageLine(DOCKER)} [ARG...]\n\nRun 'docker --help' for more information\n`
        : `${error.message}\nSee 'docker --help'.\n`,
    );
    return 125;
  }
  if (globals.bool("version")) {
    process.stdout.write(`Docker version ${version.client.version}, build ${version.client.commit}\n`);
    return 0;
  }
  const [first, ...rest] = globals.words;
  if (first === undefined || (first === "help" && rest.length === 0)) {
    process.stdout.write(helpText(DOCKER, version));
    return 0;
  }
  return first === "help"
    ? runWords(engine, process, [...rest, "--help"])
    : runWords(engine, process, globals.words);
}

function runWords(engine: Engine, process: Process, words: readonly string[]): number | Steps {
  const [first = "", second = ""] = words;
  const commands = [...COMMANDS, ...(engine.swarm?.commands ?? [])];
  const group = groupOf(engine, first);
  if (group !== undefined) {
    const command = commands.find(({ names }) => names.includes(`${first} ${second}`));
    if (command !== undefined) return runCommand(engine, process, command, words.slice(2));
    return groupHelp(engine, process, first, second, group);
  }
  const command = commands.find(({ names }) => names.includes(first));
  if (command !== undefined) return runCommand(engine, process, command, words.slice(1));
  if (DOCKER.split("\n").some((line) => line.startsWith(`  ${first} `))) {
    process.stderr.write(`docker: ${first} is not supported here\n`);
    return 1;
  }
  process.stderr.write(
    engine.version.messages === "28"
      ? `docker: unknown command: docker ${first}\n\nRun 'docker --help' for more information\n`
      : `docker: '${first}' is not a docker command.\nSee 'docker --help'\n`,
  );
  return 1;
}

/** The help text of a group of commands (`docker network`); undefined when the word is no group. */
function groupOf({ swarm }: Engine, word: string): string | undefined {
  if (Object.hasOwn(GROUPS, word)) return GROUPS[word];
  return swarm !== null && Object.hasOwn(swarm.groups, word) ? swarm.groups[word] : undefined;
}

function groupHelp(engine: Engine, process: Process, first: string, second: string, group: string): number {
  if (
    second !== "" &&
    second !== "--help" &&
    group.split("\n").some((line) => line.startsWith(`  ${second} `))
  ) {
    process.stderr.write(`docker: ${first} ${second} is not supported here\n`);
    return 1;
  }
  const fine = second === "" || second === "--help";
  const newer = engine.version.messages === "28";
  if (!fine && newer)
    process.stderr.write(
      `docker: unknown command: docker ${first} ${second}\n\nUsage:  docker ${first}\n\nRun 'docker ${first} --help' for more information\n`,
    );
  else (fine ? process.stdout : process.stderr).write(helpText(group, engine.version));
  return fine ? 0 : 1;
}

function runCommand(
  engine: Engine,
  process: Process,
  command: Subcommand,
  args: readonly string[],
): number | Steps {
  const { stdout, stderr } = process;
  const flags = [...flagsOf(helpOf(command, engine.version)), { name: "help", short: null, type: "bool" }];
  try {
    const parsed = parseFlags(args, flags, { interspersed: command.interspersed !== false });
    if (parsed.bool("help")) {
      stdout.write(commandHelp(command, engine.version));
      return 0;
    }
    const refusal = arityRefusal(parsed.words.length, command, engine.version);
    if (refusal !== null) {
      stderr.write(refusal);
      return 1;
    }
    const call: Call = { engine, process, flags: parsed, words: parsed.words, stdout, stderr };
    return engine.state === "up" ? withErrors(process, command, call) : daemonDown(call, command);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    stderr.write(flagRefusal(error.message, command, engine.version));
    return 125;
  }
}

function* withErrors(process: Process, command: Subcommand, call: Call): Steps {
  try {
    const outcome = command.run(call);
    return typeof outcome === "number"
      ? outcome
      : yield* call.engine.serving.run(commandLine(process.argv), inDaemonWords(outcome));
  } catch (error) {
    if (error instanceof FlagError) {
      process.stderr.write(flagRefusal(error.message, command, call.engine.version));
      return 125;
    }
    if (error instanceof ClientError) {
      if (error.message !== "") process.stderr.write(`${error.message}\n`);
      return error.status;
    }
    if (error instanceof TemplateError) process.stderr.write(`template parsing error: ${error.message}\n`);
    else if (error instanceof DockerError) process.stderr.write(`${daemonSays(error)}\n`);
    else throw error;
    return 1;
  }
}
