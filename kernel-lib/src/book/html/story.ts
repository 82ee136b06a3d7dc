import { jsonScript, type Markup } from "./markup.js";

/** The mime type of a packet's story: a map and what the packet met, hop by hop. */
export const STORY_MIME = "application/vnd.hopbook.story+json";

type Fields = Readonly<Record<string, unknown>>;

/** The story as a script element that no browser runs, after a check of its shape: the page's own script makes text of it, never markup. */
export function storyScript(story: unknown, refuse: (why: string) => never): Markup {
  const { title, map, hops } = fields(story, refuse);
  const { width, height } = fields(map, refuse);
  if (typeof title !== "string" || !isLength(width) || !isLength(height))
    return refuse("a packet's story must have a title and the size of its map");
  const kept = { title, map: { width, height }, hops: list(hops, refuse).map((hop) => keptHop(hop, refuse)) };
  if (kept.hops.length === 0) return refuse("a packet's story must have hops");
  return jsonScript(kept, { class: "story-data" });
}

/** The same as a table, for readers who want to see all of it at once. */
export function storyTable(story: unknown): readonly (readonly string[])[] {
  const { hops } = story as { readonly hops: readonly Fields[] };
  return hops.map(({ time, where, stage, text, changes, rules }, i) => [
    `${i + 1}`,
    `${time}`,
    `${where}`,
    `${stage}`,
    [text, ...(changes as string[])].join("; "),
    (rules as { readonly rule: string }[]).map(({ rule }) => rule).join("; "),
  ]);
}

export const STORY_HEAD: readonly string[] = ["hop", "time", "where", "stage", "what happens", "rule"];

function keptHop(hop: unknown, refuse: (why: string) => never): Fields {
  const { way, headers, rules, misses, changes, copy, met, ...rest } = fields(hop, refuse);
  const texts = ["time", "spent", "where", "stage", "text", "end"].map((name) => [
    name,
    word(rest[name], refuse),
  ]);
  const words = (rule: unknown) => {
    const { rule: text, fails, because } = fields(rule, refuse);
    return { rule: word(text, refuse), fails: word(fails, refuse), because: word(because, refuse) };
  };
  const points = list(way, refuse);
  if (points.length % 2 !== 0 || !points.every(Number.isFinite))
    return refuse("the way of a hop must be pairs of numbers");
  return {
    ...Object.fromEntries(texts),
    way: points,
    copy: Number(copy),
    met: Number(met),
    changes: list(changes, refuse).map((change) => word(change, refuse)),
    rules: list(rules, refuse).map(words),
    misses: list(misses, refuse).map(words),
    headers: list(headers, refuse).map((header) => keptHeader(header, refuse)),
  };
}

function keptHeader(header: unknown, refuse: (why: string) => never): Fields {
  const { name, added, fields: all } = fields(header, refuse);
  return {
    name: word(name, refuse),
    added: added === true,
    fields: list(all, refuse).map((field) => {
      const { name: title, value, before } = fields(field, refuse);
      return {
        name: word(title, refuse),
        value: word(value, refuse),
        ...(before === undefined ? {} : { before: word(before, refuse) }),
      };
    }),
  };
}

function fields(value: unknown, refuse: (why: string) => never): Fields {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return refuse("a packet's story must consist of objects");
  return value as Fields;
}

function list(value: unknown, refuse: (why: string) => never): readonly unknown[] {
  return Array.isArray(value) ? value : refuse("a packet's story misses a list");
}

function word(value: unknown, refuse: (why: string) => never): string {
  return typeof value === "string" ? value : refuse("a packet's story misses a text");
}

function isLength(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < 100_000;
}
