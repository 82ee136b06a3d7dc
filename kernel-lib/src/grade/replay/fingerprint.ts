import type { JournalEntry } from "../../lab/journal.js";
import { entryCommand } from "../../lab/journal-script.js";

/** Most texts of one journal, and most characters of one: enough to tell two journals apart. */
const MOST_TEXTS = 500;
const MOST_CHARS = 300;

/** Addresses of cards, and the ids of containers and networks: chance gives them. */
const MAC = /\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/gi;
const ID = /\b(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b/g;

/**
 * What was done, one text an entry, in which the values of the student's own variant have become their names: two students who did the same
 * have the same texts.
 */
export function fingerprintOf(
  entries: readonly JournalEntry[],
  facts: Readonly<Record<string, unknown>>,
): string[] {
  const own = Object.entries(facts)
    .filter(([, value]) => typeof value === "string" || (typeof value === "number" && value >= 10))
    .map(([name, value]) => [String(value), `{${name}}`] as const)
    .sort(([a], [b]) => b.length - a.length);
  const texts = entries.flatMap((entry) => {
    const text = entryText(entry);
    return text === ""
      ? []
      : [withoutOwn(text, own).replace(MAC, "{mac}").replace(ID, "{id}").slice(0, MOST_CHARS)];
  });
  return texts.slice(0, MOST_TEXTS);
}

function entryText(entry: JournalEntry): string {
  switch (entry.kind) {
    case "exec":
    case "sh":
    case "start":
      return `${entry.machine}# ${entryCommand(entry)}`;
    // Checks send probes, and everybody runs the same checks.
    case "probe":
    case "wait":
    case "stop":
    case "hint":
      return "";
    default: {
      const { at: _at, ...rest } = entry;
      return JSON.stringify(rest);
    }
  }
}

function withoutOwn(text: string, own: readonly (readonly [value: string, name: string])[]): string {
  return own.reduce((changed, [value, name]) => replaceWord(changed, value, name), text);
}

/** A value where it stands alone: not the 17 of 172, but that of vxlan17. */
function replaceWord(text: string, value: string, name: string): string {
  if (value === "") return text;
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(
    new RegExp(`(?<!${/^\d/.test(value) ? "[\\d.]" : "[\\w.]"})${escaped}(?!\\w)`, "g"),
    () => name,
  );
}
