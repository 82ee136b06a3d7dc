import { COMMANDS } from "../command-table.js";
import type { Family } from "../family.js";

/** COMMAND: what the server says of its commands. */
export function commandFamily(): Family {
  return { commands: { "command|count": () => COMMANDS.size } };
}
