import { splitOnce } from "../../docker/command/flags.js";
import { GoSyntaxError, parseDuration } from "../../docker/go/duration.js";
import { splitWords } from "../service/words.js";
import { ComposeError } from "./interpolate.js";
import { type ComposeMap, isMapping } from "./schema.js";

/** A mapping below a key; empty when there is none. */
export function mapping(value: unknown): ComposeMap {
  return isMapping(value) ? value : {};
}

export function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

/** One text or a list of texts. */
export function texts(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(text) : [text(value)];
}

/** A command: a list of words, or one text that is cut as a shell would. */
export function words(value: unknown): readonly string[] {
  return typeof value === "string" ? splitWords(value) : texts(value);
}

/** `A: 1` or `- A=1`. */
export function pairsOf(value: unknown): ReadonlyMap<string, string> {
  if (Array.isArray(value))
    return new Map(value.map((item) => [splitOnce(text(item), "=")[0], splitOnce(text(item), "=")[1] ?? ""]));
  return new Map(Object.entries(mapping(value)).map(([key, item]) => [key, text(item)]));
}

export function duration(value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  try {
    return parseDuration(text(value));
  } catch (error) {
    throw error instanceof GoSyntaxError ? new ComposeError(error.message) : error;
  }
}

/** Variables by name, in their order: those without a value are taken from the client's environment, or left out. */
export function environmentOf(value: unknown, env: ReadonlyMap<string, string>): readonly string[] {
  const entries = Array.isArray(value)
    ? value.map((item) => splitOnce(text(item), "="))
    : Object.entries(mapping(value)).map(([key, item]) => [key, item === null ? null : text(item)] as const);
  return entries
    .flatMap(([name, given]) => {
      const known = given ?? env.get(name);
      return known === undefined ? [] : [`${name}=${known}`];
    })
    .sort();
}
