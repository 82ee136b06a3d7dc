import { SourceError } from "../source-error.js";
import type { Place } from "./options.js";

interface Footnote extends Place {
  readonly text: string;
}

/** The footnotes of one chapter: defined anywhere, numbered in the order in which the text refers to them. */
export class Footnotes {
  readonly #defined = new Map<string, Footnote>();
  readonly #referred: string[] = [];

  /** Takes the definitions `[^label]: text` out of a text; their lines stay as empty lines. */
  extract(text: string, place: Place): string {
    const lines = text.split("\n");
    for (let i = 0; i < lines.length; i++) {
      const start = /^\[\^([^\]\s]+)\]:\s*(.*)$/.exec(lines[i]!);
      if (!start) continue;
      const at = { file: place.file, line: place.line + i };
      const body = [start[2]!];
      lines[i] = "";
      while (/^(\t| {2,})\S/.test(lines[i + 1] ?? "")) {
        body.push(lines[++i]!.trim());
        lines[i] = "";
      }
      if (this.#defined.has(start[1]!)) {
        throw new SourceError(at.file, at.line, `footnote “${start[1]}” is already defined`);
      }
      this.#defined.set(start[1]!, { ...at, text: body.join(" ") });
    }
    return lines.join("\n");
  }

  /** The mark that stands in the text for `[^label]`. */
  refer(label: string, place: Place): string {
    if (!this.#defined.has(label)) {
      throw new SourceError(place.file, place.line, `footnote “${label}” is not defined`);
    }
    const again = this.#referred.includes(label);
    if (!again) this.#referred.push(label);
    const number = this.#referred.indexOf(label) + 1;
    const id = again ? "" : ` id="footnote-mark-${number}"`;
    return `<sup class="footnote-mark"${id}><a href="#footnote-${number}">${number}</a></sup>`;
  }

  /** The list of all footnotes; empty without one. `convert` turns a footnote's inline MyST into Markdown. */
  list(convert: (text: string, place: Place) => string): string {
    const notes: string[] = [];
    for (let i = 0; i < this.#referred.length; i++) {
      const note = this.#defined.get(this.#referred[i]!)!;
      const text = convert(note.text, note);
      notes.push(
        `<li id="footnote-${i + 1}">\n\n${text} [↩](#footnote-mark-${i + 1} "Back to the text")\n\n</li>`,
      );
    }
    this.#refuseUnused();
    return notes.length === 0 ? "" : `<ol class="footnotes">\n${notes.join("\n")}\n</ol>`;
  }

  #refuseUnused(): void {
    for (const [label, note] of this.#defined) {
      if (this.#referred.includes(label)) continue;
      throw new SourceError(note.file, note.line, `nothing refers to footnote “${label}”`);
    }
  }
}
