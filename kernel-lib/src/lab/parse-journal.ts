import { checkCableFigures } from "../link/cable-figures.js";
import { checkPlainJson } from "./check-json.js";
import { Journal, type JournalEntry, type JournalHeader } from "./journal.js";

type FieldType = "string" | "number" | "boolean" | "words" | "object" | "answer";

/** What each kind of entry has beside its kind and its time. A "?" may be left out. */
const FIELDS: Readonly<Record<JournalEntry["kind"], Readonly<Record<string, FieldType | `${FieldType}?`>>>> =
  {
    exec: { machine: "string", argv: "words", stdin: "string?" },
    sh: { machine: "string", line: "string", stdin: "string?" },
    start: { machine: "string", job: "number", argv: "words" },
    stop: { job: "number" },
    wait: { duration: "number" },
    cable: { cable: "string", figures: "object", from: "string?" },
    fault: { machine: "string", device: "string", fault: "string", on: "boolean" },
    load: { machine: "string", container: "string?", load: "number", options: "object" },
    "load-end": { load: "number" },
    "service-time": { container: "string", time: "object" },
    processors: { machine: "string", count: "number" },
    socket: { machine: "string", container: "string?", socket: "number", url: "string" },
    "socket-send": { socket: "number", text: "string" },
    "socket-close": { socket: "number" },
    probe: { machine: "string", argv: "words" },
    answer: { question: "string", value: "answer" },
    hint: { number: "number" },
  };

const HEADER_FIELDS: Readonly<Record<string, FieldType>> = {
  format: "string",
  version: "number",
  preset: "string",
  hosts: "number",
  underlay: "string",
  nodes: "object",
  managers: "words",
  ingress: "string",
  joined: "boolean",
  plan: "object",
  docker: "string",
  seed: "number",
  daemon: "object",
  task: "object",
};

const TASK_FIELDS: Readonly<Record<string, FieldType>> = {
  assignment: "string",
  name: "string",
  student: "string",
  sealed: "string",
};

/** Reads a journal's JSON text. Throws a RangeError that names the first wrong entry. */
export function parseJournal(text: string): Journal {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new RangeError(`not a journal: ${(error as Error).message}`);
  }
  return readJournal(data);
}

/** The same for what JSON.parse gave. */
export function readJournal(data: unknown): Journal {
  const { entries, ...header } = (data ?? {}) as Partial<JournalHeader> & { entries?: unknown };
  if (header.format !== "hopbook-journal" || !Array.isArray(entries))
    throw new RangeError("not a hopbook journal");
  const journal = new Journal(readHeader(header));
  for (const entry of readEntries(entries)) journal.append(entry);
  return journal;
}

/** Entries on their own, as they leave a student's notebook. Each is a copy of the fields that its kind has, and of no others. */
export function readEntries(data: unknown): JournalEntry[] {
  if (!Array.isArray(data)) throw new RangeError("a journal's entries are a list");
  return data.map((entry, i) => readEntry(entry, i + 1));
}

function readHeader(header: Partial<JournalHeader>): JournalHeader {
  if (header.version !== 1)
    throw new RangeError(`a journal of version ${header.version}; this program reads version 1`);
  if (
    (typeof header.preset !== "string") === (header.plan === undefined) ||
    typeof header.docker !== "string" ||
    !Number.isSafeInteger(header.seed)
  ) {
    throw new RangeError("the journal does not say its preset (or plan), docker version and seed");
  }
  for (const [name, value] of Object.entries(header)) {
    const type = Object.hasOwn(HEADER_FIELDS, name) ? HEADER_FIELDS[name]! : null;
    if (type === null) throw new RangeError(`a journal's header has no ${JSON.stringify(name)}`);
    // A seed may be below 0, and nodes are a number or a list of names.
    if (name === "nodes" || name === "seed") continue;
    if (type === "object" && !isRecord(value))
      throw new RangeError(`the journal's "${name}" is not an object`);
    if (!isOf(type, value)) throw new RangeError(`the journal's "${name}" is wrong`);
  }
  checkPlainJson(header, "the journal's header");
  if (header.task !== undefined)
    for (const [name, type] of Object.entries(TASK_FIELDS))
      if (!isOf(type, header.task[name as keyof typeof header.task]))
        throw new RangeError(`the journal's task has no "${name}"`);
  return header as JournalHeader;
}

function readEntry(entry: unknown, number: number): JournalEntry {
  const record = isRecord(entry) ? entry : {};
  const { kind, at } = record;
  const fields =
    typeof kind === "string" && Object.hasOwn(FIELDS, kind) ? FIELDS[kind as JournalEntry["kind"]] : null;
  if (fields === null)
    throw new RangeError(`journal entry ${number}: unknown kind ${JSON.stringify(kind)?.slice(0, 60)}`);
  const where = `journal entry ${number} (${kind})`;
  if (!isOf("number", at)) throw new RangeError(`${where}: "at" is missing or wrong`);
  const known: Record<string, unknown> = { kind, at };
  for (const [name, type] of Object.entries(fields)) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value === undefined && type.endsWith("?")) continue;
    if (!isOf(type.replace("?", "") as FieldType, value))
      throw new RangeError(`${where}: "${name}" is missing or wrong`);
    if (type === "object") checkPlainJson(value, `${where}: "${name}"`);
    known[name] = value;
  }
  for (const name of Object.keys(record))
    if (!Object.hasOwn(known, name))
      throw new RangeError(`${where}: it has no ${JSON.stringify(name.slice(0, 60))}`);
  if (kind === "cable") checkCableFigures(record.figures as Record<string, unknown>, record.cable as string);
  return known as unknown as JournalEntry;
}

function isOf(type: FieldType, value: unknown): boolean {
  switch (type) {
    case "number":
      return typeof value === "number" && Number.isFinite(value) && value >= 0;
    case "words":
      return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string");
    case "object":
      return isRecord(value);
    case "answer":
      return isAnswer(value);
    default:
      return typeof value === type;
  }
}

/** A word, a number, yes or no, or a list of these; 10,000 characters of JSON at most. */
export function isAnswer(value: unknown): boolean {
  const isOne = (one: unknown) =>
    typeof one === "string" || typeof one === "boolean" || (typeof one === "number" && Number.isFinite(one));
  return (
    (isOne(value) || (Array.isArray(value) && value.every(isOne))) && JSON.stringify(value).length <= 10_000
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
