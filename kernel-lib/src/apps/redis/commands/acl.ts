import type { Call } from "../call.js";
import { COMMANDS } from "../command-table.js";
import { error, refused } from "../errors.js";
import type { Family } from "../family.js";
import { Mapping, Members, type Reply } from "../reply.js";

/** Categories in the order of ACL CAT (Redis 7.0, acl.c ACLCommandCategories). */
const CATEGORIES = (
  "keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow blocking dangerous connection transaction " +
  "scripting"
).split(" ");
/** Bits of ACL GENPASS without an argument. */
const PASSWORD_BITS = 256;

/** What ACL tells of the one user that there is, `default`. Other users are refused by name. */
export function aclFamily(): Family {
  return {
    commands: {
      "acl|whoami": () => "default",
      "acl|users": () => ["default"],
      "acl|list": (call) => {
        openOnly(call);
        return ["user default on nopass ~* &* +@all"];
      },
      "acl|getuser": getUser,
      "acl|cat": categories,
      "acl|genpass": password,
    },
  };
}

/** The listing of a password is its SHA-256. */
function openOnly({ engine, spec }: Call): void {
  if ((engine.settings.get("requirepass") ?? "") !== "")
    throw refused(`${spec.name.replace("|", " ").toUpperCase()} with requirepass`);
}

function getUser(call: Call): Reply {
  if (call.arg(2) !== "default") return null;
  openOnly(call);
  return new Mapping([
    ["flags", new Members(["on", "nopass"])],
    ["passwords", []],
    ["commands", "+@all"],
    ["keys", "~*"],
    ["channels", "&*"],
    ["selectors", []],
  ]);
}

function categories(call: Call): Reply {
  if (call.count > 3) throw error("Unknown subcommand or wrong number of arguments for 'CAT'. Try ACL HELP.");
  if (call.count === 2) return CATEGORIES;
  const wanted = call.word(2);
  if (!CATEGORIES.includes(wanted)) throw error(`Unknown category '${call.arg(2)}'`);
  const all = [...COMMANDS.values()].flatMap((spec) => [spec, ...spec.subcommands.values()]);
  return all.filter(({ categories: of }) => of.includes(`@${wanted}`)).map(({ name }) => name);
}

function password(call: Call): Reply {
  const bits = call.count > 2 ? call.integer(2) : PASSWORD_BITS;
  if (bits <= 0 || bits > 4096)
    throw error(
      "ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096",
    );
  return call.engine.random.hex(Math.ceil(bits / 4));
}
