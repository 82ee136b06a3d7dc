import { COMMAND_ROWS } from "./command-rows.js";

/** Where a command's keys are, beginning somewhere and reaching somewhere (Redis 7.0, key specifications). */
export interface KeySpec {
  /** RW, RO, access, update … */
  readonly flags: readonly string[];
  readonly begin:
    | { readonly type: "index"; readonly index: number }
    | { readonly type: "keyword"; readonly keyword: string; readonly from: number }
    | { readonly type: "unknown" };
  readonly find:
    | { readonly type: "range"; readonly last: number; readonly step: number; readonly limit: number }
    | { readonly type: "keynum"; readonly at: number; readonly first: number; readonly step: number }
    | { readonly type: "unknown" };
}

/** What Redis 7.0 says of one of its commands, or of a subcommand (`config|get`). */
export interface CommandSpec {
  readonly name: string;
  /** Words with the name itself; negative: at least so many. */
  readonly arity: number;
  readonly flags: ReadonlySet<string>;
  readonly firstKey: number;
  readonly lastKey: number;
  readonly keyStep: number;
  /** With their `@`, in Redis' order. */
  readonly categories: readonly string[];
  readonly tips: readonly string[];
  readonly keys: readonly KeySpec[];
  /** By their own word (`get` of `config|get`). */
  readonly subcommands: ReadonlyMap<string, CommandSpec>;
}

const CATEGORIES =
  "keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow blocking dangerous connection transaction scripting".split(
    " ",
  );

/** All commands of Redis 7.0 by name, in small letters. Which of them work here is the families' affair. */
export const COMMANDS: ReadonlyMap<string, CommandSpec> = readTable(COMMAND_ROWS);

function readTable(rows: string): Map<string, CommandSpec> {
  const commands = new Map<string, CommandSpec>();
  for (const row of rows.trim().split("\n")) {
    const spec = readRow(row);
    const [parent, word] = spec.name.split("|");
    if (word === undefined) commands.set(spec.name, spec);
    else (commands.get(parent!)!.subcommands as Map<string, CommandSpec>).set(word, spec);
  }
  return commands;
}

function readRow(row: string): CommandSpec {
  const [name = "", arity, flagText, range = "", groups, tips, keys] = row.split(" ");
  const flags = new Set(list(flagText));
  const [firstKey = 0, lastKey = 0, keyStep = 0] = range.split(",").map(Number);
  return {
    name,
    arity: Number(arity),
    flags,
    firstKey,
    lastKey,
    keyStep,
    categories: categoriesOf(flags, list(groups)),
    tips: list(tips),
    keys: list(keys, ";").map(readKeySpec),
    subcommands: new Map(),
  };
}

function list(text: string | undefined, separator = ","): string[] {
  return text === undefined || text === "-" ? [] : text.split(separator);
}

/** Redis 7.0, acl.c and server.c setImplicitACLCategories: some categories follow from flags. */
function categoriesOf(flags: ReadonlySet<string>, named: readonly string[]): string[] {
  const all = new Set(named);
  for (const same of ["write", "pubsub", "fast", "blocking", "admin"]) if (flags.has(same)) all.add(same);
  if (flags.has("readonly") && !all.has("scripting")) all.add("read");
  if (flags.has("admin")) all.add("dangerous");
  if (!flags.has("fast")) all.add("slow");
  return CATEGORIES.filter((category) => all.has(category)).map((category) => `@${category}`);
}

function readKeySpec(text: string): KeySpec {
  const parts = /^([^@]*)@(?:(\d+)|([A-Z]+)\^(-?\d+)|\?)(?:([~#])(-?\d+),(-?\d+),(-?\d+)|\?)$/.exec(text);
  if (parts === null) throw new Error(`key specification ${text}`);
  const [, flags = "", index, keyword, from, kind, a, b, c] = parts;
  const [x, y, z] = [Number(a), Number(b), Number(c)];
  return {
    flags: flags.split("."),
    begin:
      index !== undefined
        ? { type: "index", index: Number(index) }
        : keyword !== undefined
          ? { type: "keyword", keyword, from: Number(from) }
          : { type: "unknown" },
    find:
      kind === "~"
        ? { type: "range", last: x, step: y, limit: z }
        : kind === "#"
          ? { type: "keynum", at: x, first: y, step: z }
          : { type: "unknown" },
  };
}
