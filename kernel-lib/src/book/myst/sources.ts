import { SourceError } from "../source-error.js";
import { type Options, type Place, readYaml, textOption } from "./options.js";

/** A work that chapters refer to. */
export interface Source {
  /** How the text names it: `RFC 7348`. */
  readonly label: string;
  readonly title: string;
  readonly by: string | undefined;
  readonly year: string | undefined;
  readonly url: string;
}

/** The works of the whole book by the keys that {cite} names. */
export type Sources = ReadonlyMap<string, Source>;

const FIELDS = ["label", "title", "by", "year", "url"];

/** Reads `references.yaml`: a mapping of keys to works. Throws {@link SourceError}. */
export function readSources(text: string, file: string): Sources {
  const place = { file, line: 1 };
  return new Map(
    Object.entries(readYaml(text, place)).map(([key, value]) => [key, readSource(key, value, place)]),
  );
}

function readSource(key: string, value: unknown, place: Place): Source {
  const refuse = (what: string): never => {
    throw new SourceError(place.file, place.line, `“${key}”: ${what}`);
  };
  if (!/^[a-z][a-z0-9-]*$/.test(key)) return refuse("a key is small letters, digits and “-”");
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return refuse("expected fields of a work");
  const fields = value as Options;
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) return refuse(`there is no field “${unknown}”; there are ${FIELDS.join(", ")}`);
  const need = (name: string) => textOption(fields, name, place) ?? refuse(`the field “${name}” is missing`);
  const url = need("url");
  if (!/^https:\/\/[^\s()<>"]+$/.test(url)) return refuse("its url is not an https address");
  return {
    label: need("label"),
    title: need("title"),
    by: textOption(fields, "by", place),
    year: textOption(fields, "year", place),
    url,
  };
}

/** The works that one chapter refers to, in the order in which it does. */
export class Citations {
  readonly #cited: string[] = [];

  constructor(private readonly sources: Sources) {}

  /** The link that stands in the text for `{cite}`. */
  refer(key: string, place: Place): string {
    const source = this.sources.get(key);
    if (!source) throw new SourceError(place.file, place.line, `references.yaml has no work “${key}”`);
    if (!this.#cited.includes(key)) this.#cited.push(key);
    return `[${source.label}](#source-${key})`;
  }

  /** The list at the chapter's end; empty where nothing is cited. */
  list(): string {
    const items = this.#cited.map((key) => {
      const { label, title, by, year, url } = this.sources.get(key)!;
      const whole = [by, `[${title}](${url})`, year].filter((part) => part !== undefined).join(", ");
      return `<dt id="source-${key}">${label}</dt>\n<dd>\n\n${whole}.\n\n</dd>`;
    });
    return items.length === 0 ? "" : `<dl class="sources">\n${items.join("\n")}\n</dl>`;
  }
}
