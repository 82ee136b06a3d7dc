import { SourceError } from "../source-error.js";
import { type Options, type Place, readYaml } from "./options.js";

/** A run of ordinary Markdown. */
export interface TextBlock extends Place {
  readonly kind: "text";
  readonly text: string;
}

/** A fenced code block that is shown and not run, with its fences. */
export interface CodeBlock extends Place {
  readonly kind: "code";
  readonly text: string;
}

/** `:::{name} argument` or the same with backticks, its options and its body. */
export interface DirectiveBlock extends Place {
  readonly kind: "directive";
  readonly name: string;
  readonly argument: string;
  readonly options: Options;
  readonly body: string;
  /** The line of the body's first line. */
  readonly bodyLine: number;
}

/** `+++`: the end of a Markdown cell; the metadata is that of the cell that follows. */
export interface BreakBlock extends Place {
  readonly kind: "break";
  readonly metadata: Options;
}

export type Block = TextBlock | CodeBlock | DirectiveBlock | BreakBlock;

const FENCE = /^(\s*)(`{3,}|~{3,}|:{3,})(.*)$/;
const DIRECTIVE = /^\{([^}\s]*)\}\s*(.*)$/;
const BREAK = /^\+\+\+\s*(.*)$/;

/** Splits a MyST text into its blocks. The lines of a block keep their numbers in the file. */
export function parseBlocks(text: string, at: Place): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  let run: string[] = [];
  const endRun = (next: number) => {
    const body = run.join("\n");
    if (body.trim() !== "")
      blocks.push({ kind: "text", file: at.file, line: at.line + next - run.length, text: body });
    run = [];
  };
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!;
    const place = { file: at.file, line: at.line + i };
    const fence = FENCE.exec(line);
    const mark = BREAK.exec(line);
    if (!fence && !mark) {
      run.push(line);
      i++;
      continue;
    }
    endRun(i);
    if (mark) {
      blocks.push({ kind: "break", ...place, metadata: breakMetadata(mark[1]!, place) });
      i++;
    } else if (fence) {
      const end = closingLine(lines, i, fence, place);
      blocks.push(fencedBlock(lines.slice(i, end + 1), fence, place));
      i = end + 1;
    }
  }
  endRun(lines.length);
  return blocks;
}

function breakMetadata(text: string, place: Place): Options {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Options;
  } catch {
    // The message below covers text that is not JSON, too.
  }
  throw new SourceError(
    place.file,
    place.line,
    "after “+++” only a JSON object may stand: the next cell's metadata",
  );
}

/** The line that closes the fence: only its character, at least as often (CommonMark 4.5). */
function closingLine(lines: readonly string[], open: number, fence: RegExpExecArray, place: Place): number {
  const mark = fence[2]!;
  if (mark[0] === ":" && !DIRECTIVE.test(fence[3]!)) {
    throw new SourceError(place.file, place.line, `“${mark}” opens nothing and closes nothing`);
  }
  const closes = new RegExp(`^\\s*\\${mark[0]}{${mark.length},}\\s*$`);
  for (let i = open + 1; i < lines.length; i++) if (closes.test(lines[i]!)) return i;
  throw new SourceError(place.file, place.line, `“${mark}${fence[3]}” is never closed`);
}

function fencedBlock(lines: readonly string[], fence: RegExpExecArray, place: Place): Block {
  const [, indent = "", , info = ""] = fence;
  const directive = DIRECTIVE.exec(info.trim());
  if (!directive) return { kind: "code", ...place, text: lines.join("\n") };
  if (indent !== "")
    throw new SourceError(place.file, place.line, "a directive must start at the left margin");
  const inner = lines.slice(1, -1);
  const { options, taken } = directiveOptions(inner, { file: place.file, line: place.line + 1 });
  return {
    kind: "directive",
    ...place,
    name: directive[1]!,
    argument: directive[2]!.trim(),
    options,
    body: inner.slice(taken).join("\n"),
    bodyLine: place.line + 1 + taken,
  };
}

/** Options stand first: lines `:name: value`, or a YAML block between `---` lines. */
function directiveOptions(lines: readonly string[], place: Place): { options: Options; taken: number } {
  if (lines[0]?.trim() === "---") {
    const end = lines.findIndex((line, i) => i > 0 && line.trim() === "---");
    if (end < 0) throw new SourceError(place.file, place.line, "the options' “---” is never closed");
    const text = lines.slice(1, end).join("\n");
    return { options: readYaml(text, { file: place.file, line: place.line + 1 }), taken: end + 1 };
  }
  let taken = 0;
  const options: Record<string, unknown> = {};
  for (; taken < lines.length; taken++) {
    const option = /^:([A-Za-z][\w-]*):\s*(.*)$/.exec(lines[taken]!);
    if (!option) break;
    const at = { file: place.file, line: place.line + taken };
    Object.assign(options, readYaml(`${option[1]}: ${option[2]}`, at));
  }
  return { options, taken };
}
