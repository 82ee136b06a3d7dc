import type { Call } from "../call.js";
import { clientState } from "../client-state.js";
import type { RedisEngine } from "../engine.js";
import type { Family } from "../family.js";
import { quoted } from "../quoted.js";
import { OK, type Reply, Status } from "../reply.js";

/** MONITOR: every command that is carried out, to those who watch. Source: Redis 7.0, replication.c replicationFeedMonitors. */
export function monitorFamily(engine: RedisEngine): Family {
  return {
    commands: { monitor },
    after: (call) => {
      if (call.spec.flags.has("skip_monitor") || call.spec.flags.has("admin")) return;
      const line = lineOf(call);
      for (const session of engine.sessions.values())
        if (clientState(session).monitors) session.send(new Status(line));
    },
  };
}

function monitor({ session }: Call): Reply {
  clientState(session).monitors = true;
  return OK;
}

/** `1795303515.784755 [0 127.0.0.1:35102] "set" "ch" "hello"`. */
function lineOf({ engine, session, args }: Call): string {
  const now = engine.now();
  const micros = Math.floor((now * 1000) % 1_000_000);
  const time = `${Math.floor(now / 1000)}.${String(micros).padStart(6, "0")}`;
  const { address, port } = session.ends;
  return `${time} [${session.database} ${address}:${port}] ${args.map(quoted).join(" ")}`;
}
