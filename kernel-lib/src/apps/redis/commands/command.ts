import { lower } from "../byte-text.js";
import type { Call } from "../call.js";
import { KEY_NOTES } from "../command-rows.js";
import { COMMANDS, type CommandSpec, type KeySpec } from "../command-table.js";
import { error, syntaxError } from "../errors.js";
import type { Family } from "../family.js";
import { globMatches } from "../glob.js";
import { findKeys } from "../key-finder.js";
import { Mapping, Members, type Reply, Status } from "../reply.js";
import { commandDocs } from "./command-docs.js";

const HELP = [
  "COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
  "(no subcommand)",
  "    Return details about all Redis commands.",
  "COUNT",
  "    Return the total number of commands in this Redis server.",
  "LIST",
  "    Return a list of all commands in this Redis server.",
  "INFO [<command-name> ...]",
  "    Return details about multiple Redis commands.",
  "    If no command names are given, documentation details for all",
  "    commands are returned.",
  "DOCS [<command-name> ...]",
  "    Return documentation details about multiple Redis commands.",
  "    If no command names are given, documentation details for all",
  "    commands are returned.",
  "GETKEYS <full-command>",
  "    Return the keys from a full Redis command.",
  "GETKEYSANDFLAGS <full-command>",
  "    Return the keys and the access flags from a full Redis command.",
  "HELP",
  "    Prints this help.",
];

/** COMMAND: what the server says of its commands. Source: Redis 7.0, server.c. */
export function commandFamily(): Family {
  return {
    commands: {
      command: () => [...COMMANDS.values()].map(infoOf),
      "command|count": () => COMMANDS.size,
      "command|info": (call) => {
        const names = call.args.slice(2);
        if (names.length === 0) return [...COMMANDS.values()].map(infoOf);
        return names.map((name) => {
          const spec = named(name);
          return spec === undefined ? null : infoOf(spec);
        });
      },
      "command|list": list,
      "command|docs": commandDocs,
      "command|getkeys": (call) => keysOf(call).map(({ index }) => call.arg(index + 2)),
      "command|getkeysandflags": (call) =>
        keysOf(call).map(({ index, flags }) => [
          call.arg(index + 2),
          new Members(flags.map((flag) => new Status(flag))),
        ]),
      "command|help": () => HELP.map((line) => new Status(line)),
    },
  };
}

/** A command by its name, a subcommand as `config|get`. */
export function named(name: string): CommandSpec | undefined {
  const [parent = "", word] = lower(name).split("|");
  const command = COMMANDS.get(parent);
  return word === undefined ? command : command?.subcommands.get(word);
}

function infoOf(spec: CommandSpec): Reply {
  const statuses = (names: Iterable<string>) => new Members([...names].map((name) => new Status(name)));
  const flags = [...spec.flags];
  return [
    spec.name,
    spec.arity,
    statuses(flags),
    spec.firstKey,
    spec.lastKey,
    spec.keyStep,
    statuses(spec.categories),
    new Members(spec.tips),
    new Members(spec.keys.map((key, index) => keyInfo(key, KEY_NOTES[`${spec.name}/${index}`]))),
    spec.subcommands.size === 0 ? new Members([]) : [...spec.subcommands.values()].map(infoOf),
  ];
}

function keyInfo({ flags, begin, find }: KeySpec, notes: string | undefined): Reply {
  const entries: [Reply, Reply][] = notes === undefined ? [] : [["notes", notes]];
  entries.push(["flags", new Members(flags.map((flag) => new Status(flag)))]);
  entries.push(["begin_search", described(begin.type, beginFields(begin))]);
  entries.push(["find_keys", described(find.type, findFields(find))]);
  return new Mapping(entries);
}

function described(type: string, fields: [Reply, Reply][]): Reply {
  return new Mapping([
    ["type", type],
    ["spec", new Mapping(fields)],
  ]);
}

function beginFields(begin: KeySpec["begin"]): [Reply, Reply][] {
  if (begin.type === "index") return [["index", begin.index]];
  if (begin.type === "unknown") return [];
  return [
    ["keyword", begin.keyword],
    ["startfrom", begin.from],
  ];
}

function findFields(find: KeySpec["find"]): [Reply, Reply][] {
  if (find.type === "unknown") return [];
  if (find.type === "range") {
    return [
      ["lastkey", find.last],
      ["keystep", find.step],
      ["limit", find.limit],
    ];
  }
  return [
    ["keynumidx", find.at],
    ["firstkey", find.first],
    ["keystep", find.step],
  ];
}

function list(call: Call): Reply {
  if (call.count === 2) return [...COMMANDS.keys()];
  if (call.count !== 5 || call.word(2) !== "filterby") throw syntaxError();
  const [by, wanted] = [call.word(3), call.arg(4)];
  const all = [...COMMANDS.values()].flatMap((spec) => [spec, ...spec.subcommands.values()]);
  if (by === "module") return [];
  if (by === "aclcat") {
    return all.filter(({ categories }) => categories.includes(`@${lower(wanted)}`)).map(({ name }) => name);
  }
  if (by !== "pattern") throw syntaxError();
  return all.filter(({ name }) => globMatches(wanted, name, true)).map(({ name }) => name);
}

function keysOf(call: Call) {
  const args = call.args.slice(2);
  const command = COMMANDS.get(lower(args[0]!));
  const spec = command?.subcommands.get(lower(args[1] ?? "")) ?? command;
  if (spec === undefined) throw error("Invalid command specified");
  if (spec.keys.length === 0) throw error("The command has no key arguments");
  const fits = spec.arity > 0 ? args.length === spec.arity : args.length >= -spec.arity;
  if (!fits) throw error("Invalid number of arguments specified for command");
  const keys = findKeys(spec, args) ?? [];
  if (keys.length === 0 && !spec.flags.has("no_mandatory_keys"))
    throw error("Invalid arguments specified for command");
  return keys;
}
