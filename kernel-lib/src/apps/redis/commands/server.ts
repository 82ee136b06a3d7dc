import type { Call } from "../call.js";
import { REDIS_VERSION } from "../engine.js";
import { error, syntaxError } from "../errors.js";
import type { Family } from "../family.js";
import { NO_REPLY, OK, RedisError, type Reply, Status, Verbatim } from "../reply.js";
import { serverHost } from "../server-host.js";
import { usageOf } from "../usage.js";

const LATENCY_OFF =
  "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order to enable it. If we weren't in a deep space mission I'd suggest to take a look at https://redis.io/topics/latency-monitor.\n";
const MEMORY_FINE =
  "Hi Sam, this instance is empty or is using very little memory, my issues detector can't be used in these conditions. Please, leave for your mission on Earth and fill it with some data. The new Sam and I will be back to our programming as soon as I finished rebooting.\n";

/** The server as a whole: saving, ending, its logs of slow commands. No command here takes long enough to be slow. */
export function serverFamily(): Family {
  return {
    commands: {
      save: ({ engine }) => {
        serverHost(engine).save(engine, false);
        return OK;
      },
      bgsave,
      lastsave: ({ engine }) => Math.floor(usageOf(engine).savedAt / 1000),
      shutdown,
      role: () => ["master", 0, []],
      wait,
      lolwut,
      replicaof,
      slaveof: replicaof,
      "module|list": () => [],
      "slowlog|get": slowlogGet,
      "slowlog|len": () => 0,
      "slowlog|reset": () => OK,
      "latency|latest": () => [],
      "latency|history": () => [],
      "latency|reset": () => 0,
      "latency|doctor": (call) => {
        if (call.engine.setting("latency-monitor-threshold") > 0)
          throw error("LATENCY DOCTOR is not supported here");
        return new Verbatim(LATENCY_OFF);
      },
      "memory|doctor": () => new Verbatim(MEMORY_FINE),
    },
  };
}

function slowlogGet(call: Call): Reply {
  if (call.count > 3)
    throw error("unknown subcommand or wrong number of arguments for 'get'. Try SLOWLOG HELP.");
  const bad = () => error("count should be greater than or equal to -1");
  if (call.count > 2 && call.integer(2, bad) < -1) throw bad();
  return [];
}

function bgsave(call: Call): Reply {
  if (call.count > 2 || (call.count === 2 && call.word(1) !== "schedule")) throw syntaxError();
  serverHost(call.engine).save(call.engine, true);
  return new Status("Background saving started");
}

function shutdown(call: Call): Reply {
  let save: boolean | null = null;
  const words = call.args.slice(1).map((_, i) => call.word(i + 1));
  for (const word of words) {
    if (word === "save") save = true;
    else if (word === "nosave") save = false;
    else if (word !== "now" && word !== "force") {
      if (word === "abort" && words.length === 1) throw error("No shutdown in progress.");
      throw syntaxError();
    }
  }
  if (words.includes("save") && words.includes("nosave")) throw syntaxError();
  if (serverHost(call.engine).shutdown(call.engine, save)) return NO_REPLY;
  throw new RedisError("ERR Errors trying to SHUTDOWN. Check logs.");
}

/** There are no replicas: it waits until its time has come; without a limit (0) it would wait for ever. */
function wait(call: Call): Reply {
  const replicas = call.integer(1);
  const timeout = call.integer(2, () => error("timeout is not an integer or out of range"));
  if (timeout < 0) throw error("timeout is negative");
  if (replicas > 0) throw error("WAIT for replicas is not supported here");
  return 0;
}

function lolwut(call: Call): Reply {
  if (call.count > 1 && call.word(1) === "version" && (call.count < 3 || call.integer(2) >= 5))
    throw error("LOLWUT VERSION is not supported here");
  return new Verbatim(`Redis ver. ${REDIS_VERSION}\n`);
}

/** It is a master, and stays one. */
function replicaof(call: Call): Reply {
  if (call.word(1) === "no" && call.word(2) === "one") return OK;
  const port = call.integer(2, () => error("Invalid master port"));
  if (port < 0 || port > 65_535) throw error("Invalid master port");
  throw error("REPLICAOF another server is not supported here");
}
