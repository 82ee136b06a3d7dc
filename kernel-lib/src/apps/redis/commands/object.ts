import type { Call } from "../call.js";
import { error } from "../errors.js";
import type { Handler } from "../family.js";
import { type Reply, Status } from "../reply.js";
import { StringValue } from "../string-value.js";
import type { RedisValue } from "../value.js";

/** References that a shared object claims (OBJ_SHARED_REFCOUNT): Redis keeps the integers up to 9999 once. */
const SHARED = 2 ** 31 - 1;
const SHARED_INTEGERS = 10_000;

const HELP = [
  "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
  "ENCODING <key>",
  "    Return the kind of internal representation used in order to store the value",
  "    associated with a <key>.",
  "FREQ <key>",
  "    Return the access frequency index of the <key>. The returned integer is",
  "    proportional to the logarithm of the recent access frequency of the key.",
  "IDLETIME <key>",
  "    Return the idle time of the <key>, that is the approximated number of",
  "    seconds elapsed since the last access to the key.",
  "REFCOUNT <key>",
  "    Return the number of references of the value associated with the specified",
  "    <key>.",
  "HELP",
  "    Prints this help.",
];

/** How values are kept. Source: Redis 7.0, object.c objectCommand. */
export const objectCommands: Readonly<Record<string, Handler>> = {
  "object|encoding": (call) => look(call, (value) => value.encoding),
  "object|refcount": (call) => look(call, references),
  "object|idletime": (call) => look(call, () => Math.floor(call.keys.idle(call.arg(2)) / 1000)),
  "object|freq": (call) =>
    look(call, () => {
      throw error(
        "An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.",
      );
    }),
  "object|help": () => HELP.map((line) => new Status(line)),
  debug: () => {
    throw error(
      'DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.',
    );
  },
};

function look(call: Call, tell: (value: RedisValue) => Reply): Reply {
  const value = call.keys.peek(call.arg(2));
  return value === undefined ? null : tell(value);
}

function references(value: RedisValue): number {
  if (!(value instanceof StringValue) || value.encoding !== "int") return 1;
  const number = Number(value.text);
  return number >= 0 && number < SHARED_INTEGERS ? SHARED : 1;
}
