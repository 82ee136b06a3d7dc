import { BuildError } from "./build-error.js";

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** In capitals. */
  readonly name: string;
  /** As it is written, its lines put together. */
  readonly text: string;
  /** `--from=one`, without what follows. */
  readonly flags: readonly string[];
  /** What follows the name and the flags. */
  readonly rest: string;
  /** The body as a JSON list of strings (`["node", "server.ts"]`); null in the shell form. */
  readonly list: readonly string[] | null;
  readonly line: number;
  readonly lastLine: number;
}

const KNOWN: ReadonlySet<string> = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);

/** Instructions whose body may be a JSON list. */
const LISTS: ReadonlySet<string> = new Set(["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"]);

/** Instructions that take flags before their body. */
const FLAGGED: ReadonlySet<string> = new Set(["ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"]);

interface Line {
  text: string;
  readonly line: number;
  lastLine: number;
}

/** Reads a Dockerfile (moby/buildkit's parser). Throws BuildError with the line of what is wrong. */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const mark = escapeCharacter(lines);
  const instructions = joined(lines, mark).map(instruction);
  if (instructions.length === 0) throw new BuildError("file with no instructions", null, "syntax");
  return instructions;
}

/** The directive `# escape=` in the first lines chooses what a continued line ends with. */
function escapeCharacter(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*([a-zA-Z][\w-]*)\s*=\s*(.+?)\s*$/.exec(line);
    if (directive === null) break;
    if (directive[1]!.toLowerCase() !== "escape") continue;
    if (directive[2] !== "\\" && directive[2] !== "`")
      throw new BuildError(`invalid ESCAPE '${directive[2]}'. Must be ' or \\`, null, "syntax");
    return directive[2]!;
  }
  return "\\";
}

/** Lines without comments, continued ones put together. */
function joined(lines: readonly string[], mark: string): Line[] {
  const found: Line[] = [];
  const continued = mark === "\\" ? /\\[ \t]*$/ : /`[ \t]*$/;
  let open: Line | null = null;
  for (const [i, line] of lines.entries()) {
    if (/^\s*#/.test(line)) continue;
    if (line.trim() === "") continue;
    const text: string = open === null ? line.trimStart() : line;
    const goesOn = continued.test(text);
    const part: string = text.replace(continued, "");
    if (open === null) open = { text: part, line: i + 1, lastLine: i + 1 };
    else {
      open.text += part;
      open.lastLine = i + 1;
    }
    if (!goesOn) {
      found.push({ ...open, text: open.text.trimEnd() });
      open = null;
    }
  }
  if (open !== null) found.push({ ...open, text: open.text.trimEnd() });
  return found;
}

function instruction({ text, line, lastLine }: Line): Instruction {
  const [, word = "", body = ""] = /^(\S+)\s*([\s\S]*)$/.exec(text)!;
  const name = word.toUpperCase();
  if (!KNOWN.has(name)) throw new BuildError(`unknown instruction: ${name}`, line, "syntax");
  const flags: string[] = [];
  let rest = body;
  while (FLAGGED.has(name)) {
    const flag = /^(--[^\s=]+(?:=(?:"[^"]*"|\S*))?)\s*([\s\S]*)$/.exec(rest);
    if (flag === null) break;
    flags.push(flag[1]!);
    rest = flag[2]!;
  }
  const list = LISTS.has(name) ? listOf(rest) : null;
  return { name, text: `${word}${body === "" ? "" : ` ${body}`}`, flags, rest, list, line, lastLine };
}

/** A JSON list of strings; null for anything else, which is then a shell's line. */
function listOf(text: string): string[] | null {
  if (!text.startsWith("[")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
  } catch {
    return null;
  }
}
