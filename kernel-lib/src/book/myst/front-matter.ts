import { SourceError } from "../source-error.js";
import { type Options, onlyOptions, type Place, readYaml, textOption } from "./options.js";

/** What stands between the `---` lines at the head of a chapter. */
export interface FrontMatter {
  readonly title: string | undefined;
  readonly subtitle: string | undefined;
}

const KNOWN = ["title", "subtitle", "jupytext", "kernelspec"];

/** Reads the YAML head of a file; `rest` is the text after it, which begins at line `restLine`. */
export function splitFrontMatter(
  text: string,
  file: string,
): { front: FrontMatter; rest: string; restLine: number } {
  const lines = text.split("\n");
  if (lines[0]?.trim() !== "---") {
    return { front: { title: undefined, subtitle: undefined }, rest: text, restLine: 1 };
  }
  const end = lines.findIndex((line, i) => i > 0 && line.trim() === "---");
  if (end < 0) throw new SourceError(file, 1, "the head's “---” is never closed");
  const place = { file, line: 2 };
  const options = readYaml(lines.slice(1, end).join("\n"), place);
  onlyOptions(options, KNOWN, "the head of a chapter", place);
  checkKernel(options, place);
  return {
    front: { title: textOption(options, "title", place), subtitle: textOption(options, "subtitle", place) },
    rest: lines.slice(end + 1).join("\n"),
    restLine: end + 2,
  };
}

/** A chapter runs on this project's kernel and on no other. */
function checkKernel(options: Options, place: Place): void {
  const kernel = options.kernelspec;
  if (kernel === undefined) return;
  const name =
    kernel !== null && typeof kernel === "object" ? (kernel as { name?: unknown }).name : undefined;
  if (name !== "hopbook")
    throw new SourceError(place.file, place.line, "the kernelspec's name must be “hopbook”");
}
