import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { SourceError } from "../source-error.js";

/** A place in a chapter's source: the file, and the line (from 1) at which a text begins. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Options of a directive, a cell or a file: names to YAML values. */
export type Options = Readonly<Record<string, unknown>>;

/** Reads a YAML mapping. The place is that of the text's first line; mistakes are reported with their own line. */
export function readYaml(text: string, place: Place): Options {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0] ?? document.warnings[0];
  if (error) {
    const at = place.line + lines.linePos(error.pos[0]).line - 1;
    throw new SourceError(place.file, at, `this is not YAML: ${error.message}`);
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return {};
  if (!isMap(document.contents))
    throw new SourceError(place.file, place.line, "expected lines of the form “name: value”");
  return document.toJS() as Options;
}

/** Refuses an option that its place does not know. */
export function onlyOptions(options: Options, known: readonly string[], what: string, place: Place): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const choices = known.length > 0 ? `; it knows ${known.join(", ")}` : "; it takes none";
  throw new SourceError(place.file, place.line, `${what} has no option “${unknown}”${choices}`);
}

/** The option's text, or undefined when it is not given. */
export function textOption(options: Options, name: string, place: Place): string | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new SourceError(place.file, place.line, `“${name}” must be a text`);
}

/** The option's list of words; one word alone is a list of one. */
export function listOption(options: Options, name: string, place: Place): string[] {
  const value = options[name];
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new SourceError(place.file, place.line, `“${name}” must be a list of words`);
}
