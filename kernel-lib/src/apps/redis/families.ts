import { commandFamily } from "./commands/command.js";
import { connectionFamily } from "./commands/connection.js";
import { hashesFamily } from "./commands/hashes.js";
import { keysFamily } from "./commands/keys.js";
import { listsFamily } from "./commands/lists.js";
import { setsFamily } from "./commands/sets.js";
import { stringsFamily } from "./commands/strings.js";
import type { FamilyMaker } from "./family.js";

/** All commands that work, by families. The order is that in which their gates are asked. */
export const FAMILIES: readonly FamilyMaker[] = [
  connectionFamily,
  keysFamily,
  stringsFamily,
  listsFamily,
  hashesFamily,
  setsFamily,
  commandFamily,
];
