import type { Call } from "../call.js";
import type { Family } from "../family.js";
import { OK, type Reply } from "../reply.js";
import { StringValue } from "../string-value.js";

export function stringsFamily(): Family {
  return { commands: { get, set } };
}

function get(call: Call): Reply {
  return call.read(call.arg(1), StringValue)?.text ?? null;
}

function set(call: Call): Reply {
  call.store(call.arg(1), StringValue.of(call.arg(2)), "$", "set", false);
  return OK;
}
