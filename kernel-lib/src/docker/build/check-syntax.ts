import { BuildError } from "./build-error.js";
import { argumentsOf } from "./config-instructions.js";
import type { Instruction } from "./dockerfile.js";
import { readPairs, splitWords } from "./expand.js";

/** Instructions with exactly one argument. */
const ONE: ReadonlySet<string> = new Set(["WORKDIR", "USER", "STOPSIGNAL", "MAINTAINER"]);
const AT_LEAST_ONE: ReadonlySet<string> = new Set(["EXPOSE", "VOLUME", "ONBUILD"]);

/** What the whole Dockerfile is refused for before its first step (instructions.ParseInstruction). Throws BuildError. */
export function checkSyntax(instructions: readonly Instruction[]): void {
  for (const { name, rest } of instructions) if (name === "ENV" || name === "LABEL") readPairs(name, rest);
  let staged = false;
  for (const instruction of instructions) {
    const wrong = complaint(instruction);
    if (wrong !== null) throw new BuildError(wrong, instruction.line, "syntax");
    if (instruction.name === "FROM") staged = true;
    else if (!staged && instruction.name !== "ARG")
      throw new BuildError("no build stage in current context", null, "syntax");
  }
  if (!staged) throw new BuildError("no build stage in current context", null, "syntax");
}

function complaint({ name, rest, list, flags }: Instruction): string | null {
  const words = list ?? splitWords(rest);
  if (name === "FROM") {
    const named = words.length === 3 && /^as$/i.test(words[1]!);
    if (words.length !== 1 && !named) return "FROM requires either one or three arguments";
    return named && !/^[a-z][a-z0-9-_.]*$/i.test(words[2]!)
      ? `invalid name for build stage: "${words[2]}", name can't start with a number or contain symbols`
      : null;
  }
  if (ONE.has(name) && rest === "") return `${name} requires exactly one argument`;
  if (AT_LEAST_ONE.has(name) && words.length === 0) return `${name} requires at least one argument`;
  if (name === "ARG" && (rest === "" || argumentsOf(rest).some(([key]) => key === "")))
    return "ARG requires at least one argument";
  if (name === "COPY" || name === "ADD") {
    const unknown = flags.map((flag) => flag.slice(2).split("=")[0]!).find((flag) => !COPY_FLAGS.has(flag));
    if (unknown !== undefined) return `Unknown flag: ${unknown}`;
    if (words.length === 0)
      return `${name} requires at least two arguments, but no arguments were provided. Destination could not be determined`;
    if (words.length === 1)
      return `${name} requires at least two arguments, but only one was provided. Destination could not be determined`;
  }
  return null;
}

const COPY_FLAGS: ReadonlySet<string> = new Set(["chmod", "chown", "from", "link"]);
