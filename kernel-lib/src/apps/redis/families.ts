import { bitsFamily } from "./commands/bits.js";
import { commandFamily } from "./commands/command.js";
import { hashesFamily } from "./commands/hashes.js";
import { keysFamily } from "./commands/keys.js";
import { listsFamily } from "./commands/lists.js";
import { setsFamily } from "./commands/sets.js";
import { sortedSetsFamily } from "./commands/sorted-sets.js";
import { stringsFamily } from "./commands/strings.js";
import type { FamilyMaker } from "./family.js";
import { SERVICE_FAMILIES } from "./service-families.js";

/** All commands that work, by families. The order is that in which their gates are asked. */
export const FAMILIES: readonly FamilyMaker[] = [
  ...SERVICE_FAMILIES,
  keysFamily,
  stringsFamily,
  listsFamily,
  hashesFamily,
  setsFamily,
  sortedSetsFamily,
  bitsFamily,
  commandFamily,
];
