import type { Call } from "../call.js";
import type { RedisEngine } from "../engine.js";
import type { Family } from "../family.js";
import { DEFAULT_SECTIONS, infoSection, SECTIONS } from "../info-sections.js";
import { RedisError, type Reply, Verbatim } from "../reply.js";
import { usageOf } from "../usage.js";

/** INFO, with the counters that it tells. Source: Redis 7.0, server.c genRedisInfoString. */
export function infoFamily(engine: RedisEngine): Family {
  usageOf(engine);
  return {
    commands: { info },
    after: (call, reply) => {
      const { commands, errors } = usageOf(engine);
      const usage = commands.get(call.spec.name) ?? { calls: 0, rejected: 0, failed: 0 };
      commands.set(call.spec.name, usage);
      usage.calls++;
      if (!(reply instanceof RedisError)) return;
      usage.failed++;
      const [word = "ERR"] = reply.message.split(" ");
      errors.set(word, (errors.get(word) ?? 0) + 1);
    },
  };
}

function info(call: Call): Reply {
  const wanted = new Set<string>();
  const named = call.args.slice(1).map((_, i) => call.word(i + 1));
  for (const name of named.length === 0 ? ["default"] : named) {
    if (name === "all" || name === "everything") for (const section of SECTIONS) wanted.add(section);
    else if (name === "default") for (const section of DEFAULT_SECTIONS) wanted.add(section);
    else wanted.add(name);
  }
  const parts = SECTIONS.filter((section) => wanted.has(section)).map((section) =>
    infoSection(call.engine, section),
  );
  return new Verbatim(parts.join("\r\n"));
}
