import { lower } from "../byte-text.js";
import type { Call } from "../call.js";
import { SETTING_ALIASES, SETTINGS, type SettingSpec } from "../config-table.js";
import { BadSetting, readSetting, settingSpec } from "../config-values.js";
import { error, wrongArity } from "../errors.js";
import type { Family } from "../family.js";
import { globMatches } from "../glob.js";
import { Mapping, OK, type Reply } from "../reply.js";
import { resetStatistics } from "../usage.js";

/** CONFIG GET, SET and RESETSTAT. A setting that would make no difference here is refused by name. Source: Redis 7.0, config.c. */
export function configFamily(): Family {
  return {
    commands: {
      "config|get": get,
      "config|set": set,
      "config|resetstat": ({ engine }) => {
        resetStatistics(engine);
        return OK;
      },
      "config|rewrite": () => {
        throw error("The server is running without a config file");
      },
    },
  };
}

function get({ args, engine }: Call): Reply {
  const found = new Map<string, string>();
  for (const word of args.slice(2)) {
    for (const name of namesLike(lower(word)))
      found.set(name, engine.settings.get(SETTING_ALIASES.get(name) ?? name) ?? "");
  }
  return new Mapping([...found]);
}

/** A pattern, or one name. */
function namesLike(pattern: string): string[] {
  const names = [...SETTINGS.keys(), ...SETTING_ALIASES.keys()];
  if (!/[[*?]/.test(pattern)) return names.includes(pattern) ? [pattern] : [];
  return names.filter((name) => globMatches(pattern, name));
}

/** All or none: the first that does not fit takes the others back. */
function set(call: Call): Reply {
  if (call.count % 2 > 0) throw wrongArity("config|set");
  const changes = new Map<string, string>();
  for (let i = 2; i < call.count; i += 2) {
    const name = call.arg(i);
    const spec = settingSpec(name);
    if (spec === undefined) throw error(`Unknown option or number of arguments for CONFIG SET - '${name}'`);
    const value = checked(call, spec, name, call.arg(i + 1));
    if (changes.has(spec.name)) throw failed(name, "duplicate parameter");
    changes.set(spec.name, value);
  }
  for (const [name, value] of changes) call.engine.settings.set(name, value);
  return OK;
}

function checked(call: Call, spec: SettingSpec, name: string, text: string): string {
  if (spec.immutable) throw failed(name, "can't set immutable config");
  try {
    const value = readSetting(spec, text);
    if (!spec.works && value !== call.engine.settings.get(spec.name))
      throw failed(name, "is not supported here");
    return value;
  } catch (problem) {
    if (problem instanceof BadSetting) throw failed(name, problem.message);
    throw problem;
  }
}

function failed(name: string, why: string) {
  return error(`CONFIG SET failed (possibly related to argument '${name}') - ${why}`);
}
