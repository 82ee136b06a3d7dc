import { lower } from "../byte-text.js";
import type { Call } from "../call.js";
import { COMMAND_DOCS } from "../command-docs-rows.js";
import { Mapping, Members, type Reply, Status } from "../reply.js";

type Entry = [Reply, Reply];

const TYPES: Readonly<Record<string, string>> = {
  s: "string",
  t: "pure-token",
  o: "oneof",
  k: "key",
  i: "integer",
  b: "block",
  d: "double",
  p: "pattern",
  u: "unix-time",
};
const FLAGS: Readonly<Record<string, string>> = { "?": "optional", "*": "multiple", "+": "multiple_token" };

/** COMMAND DOCS: of the commands that are named, or of all. */
export function commandDocs(call: Call): Reply {
  const rows = new Map(
    COMMAND_DOCS.trim()
      .split("\n")
      .map((row) => [row.slice(0, row.indexOf(" ")), row] as const),
  );
  const names = call.args.slice(2).map(lower);
  const wanted = names.length === 0 ? [...rows.keys()].filter((name) => !name.includes("|")) : names;
  return new Mapping(
    wanted.filter((name) => rows.has(name)).map((name): Entry => [name, describe(name, rows)]),
  );
}

function describe(name: string, rows: ReadonlyMap<string, string>): Mapping {
  const fields = rows
    .get(name)!
    .split(" | ")
    .map((field) => (field === "-" ? "" : field));
  const [, since = "", group = "", summary = "", complexity = "", flags = "", history = "", args = ""] =
    fields;
  const entries: Entry[] = [
    ["summary", summary],
    ["since", since],
    ["group", group],
  ];
  if (complexity !== "") entries.push(["complexity", complexity]);
  const [docFlags = "", deprecated, replacement] = flags.split(";");
  if (docFlags !== "") entries.push(["doc_flags", statuses(docFlags.split(","))]);
  if (deprecated !== undefined) entries.push(["deprecated_since", deprecated]);
  if (replacement !== undefined) entries.push(["replaced_by", replacement]);
  if (history !== "") entries.push(["history", new Members(history.split(" ;; ").map(readChange))]);
  if (args !== "") entries.push(["arguments", split(args).map(readArgument)]);
  const children = [...rows.keys()].filter((other) => other.startsWith(`${name}|`));
  if (children.length > 0) {
    entries.push([
      "subcommands",
      new Mapping(children.map((child): Entry => [child, describe(child, rows)])),
    ]);
  }
  return new Mapping(entries);
}

function statuses(names: readonly string[]): Reply {
  return new Members(names.map((name) => new Status(name)));
}

function readChange(text: string): Reply {
  const space = text.indexOf(" ");
  return [text.slice(0, space), text.slice(space + 1)];
}

/** Parts a list of arguments at the spaces that are in no parenthesis. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const sign of text) {
    if (sign === "(") depth++;
    if (sign === ")") depth--;
    if (sign === " " && depth === 0) {
      parts.push(part);
      part = "";
    } else part += sign;
  }
  return [...parts, part];
}

function readArgument(text: string): Reply {
  const open = text.indexOf("(");
  const head = open < 0 ? text : text.slice(0, open);
  const parts = /^(.+?):([a-z])([?*+]*)([0-9]+)?(?:=([^\s()@]*?))?(?:@([0-9.]+))?(?:~([0-9.]+))?$/.exec(head);
  if (parts === null) throw new Error(`argument ${text}`);
  const [, name = "", type = "", signs = "", key, token, since, deprecated] = parts;
  const entries: Entry[] = [
    ["name", name],
    ["type", TYPES[type]!],
  ];
  if (key !== undefined) entries.push(["key_spec_index", Number(key)]);
  if (token !== undefined) entries.push(["token", token]);
  if (since !== undefined) entries.push(["since", since]);
  if (deprecated !== undefined) entries.push(["deprecated_since", deprecated]);
  if (signs !== "") entries.push(["flags", statuses([...signs].map((sign) => FLAGS[sign]!))]);
  if (open >= 0) entries.push(["arguments", split(text.slice(open + 1, -1)).map(readArgument)]);
  return new Mapping(entries);
}
