import { seconds } from "../../base/units.js";
import {
  removeContainer,
  signal,
  startContainer,
  stopContainer,
  untilStopped,
} from "../container/lifecycle.js";
import { DockerError } from "../docker-error.js";
import { attached, untilEnded } from "./attach.js";
import { forEach } from "./each.js";
import { type Call, ClientError, daemonSays, notFoundText, type Subcommand } from "./subcommand.js";
import { CONTAINER_PRUNE, KILL, RENAME, RESTART, RM, START, STOP, WAIT } from "./usage/container.js";

function patience(call: Call): number | null {
  const value = call.flags.value("timeout");
  if (value === null) return null;
  return Number(value) < 0 ? seconds(1e6) : seconds(Number(value));
}

export const start: Subcommand = {
  names: ["start", "container start"],
  help: START,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const { engine, words } = call;
    const failed: string[] = [];
    const shown = call.flags.bool("attach");
    for (const word of words) {
      try {
        const container = engine.containers.find(word);
        const stop = shown ? attached(container, call.stdout, call.stderr) : null;
        yield* startContainer(engine, container, {
          stdin: call.flags.bool("interactive") ? call.process.stdin : "",
        });
        if (stop !== null) return yield* untilEnded(container, stop);
        call.stdout.write(`${word}\n`);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        call.stderr.write(`${daemonSays(error)}\n`);
        failed.push(word);
      }
    }
    if (failed.length > 0)
      throw new ClientError(
        `${engine.version.messages === "28" ? "failed" : "Error: failed"} to start containers: ${failed.join(", ")}`,
      );
    return 0;
  },
};

export const stop: Subcommand = {
  names: ["stop", "container stop"],
  help: STOP,
  minimum: 1,
  maximum: Infinity,
  run: (call) =>
    forEach(call, function* (word) {
      yield* stopContainer(call.engine, call.engine.containers.find(word), patience(call));
    }),
};

export const restart: Subcommand = {
  names: ["restart", "container restart"],
  help: RESTART,
  minimum: 1,
  maximum: Infinity,
  run: (call) =>
    forEach(call, function* (word) {
      const container = call.engine.containers.find(word);
      try {
        yield* stopContainer(call.engine, container, patience(call));
        yield* startContainer(call.engine, container);
      } catch (error) {
        throw error instanceof DockerError
          ? new DockerError(`Cannot restart container ${word}: ${error.message}`)
          : error;
      }
    }),
};

const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  9: "SIGKILL",
  15: "SIGTERM",
};

export const kill: Subcommand = {
  names: ["kill", "container kill"],
  help: KILL,
  minimum: 1,
  maximum: Infinity,
  run: (call) =>
    forEach(call, function* (word) {
      const cannot = (why: string) =>
        new DockerError(
          `${call.engine.version.messages === "28" ? "cannot" : "Cannot"} kill container: ${word}: ${why}`,
        );
      const container = call.engine.containers.tryFind(word);
      if (container === null) throw cannot(`No such container: ${word}`);
      if (!container.running)
        throw cannot(
          `${call.engine.version.messages === "28" ? "container" : "Container"} ${container.id} is not running`,
        );
      const given = call.flags.value("signal") ?? "KILL";
      const name = SIGNAL_NAMES[given] ?? `SIG${given.toUpperCase().replace(/^SIG/, "")}`;
      signal(container, name);
      if (name === "SIGKILL") yield* untilStopped(call.engine, container, null);
    }),
};

export const rm: Subcommand = {
  names: ["rm", "container rm", "container remove"],
  help: RM,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const force = call.flags.bool("force");
    const missing = call.words.filter((word) => force && call.engine.containers.tryFind(word) === null);
    const present = call.words.filter((word) => !missing.includes(word));
    // By force the client is content with a container that is not there, and only says so.
    for (const word of missing) {
      const none = new DockerError(`No such container: ${word}`, "notFound", "container");
      call.stderr.write(`${notFoundText(call, none, word)}\n`);
    }
    return yield* forEach(
      { ...call, words: present },
      function* (word) {
        yield* removeContainer(call.engine, call.engine.containers.find(word), force);
      },
      (error, word) => notFoundText(call, error, word),
    );
  },
};

export const rename: Subcommand = {
  names: ["rename", "container rename"],
  help: RENAME,
  minimum: 2,
  maximum: 2,
  run(call) {
    const [from = "", to = ""] = call.words;
    try {
      call.engine.containers.rename(call.engine.containers.find(from), to);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      call.stderr.write(`${daemonSays(error)}\n`);
      throw new ClientError(`Error: failed to rename container named ${from}`);
    }
    return 0;
  },
};

export const wait: Subcommand = {
  names: ["wait", "container wait"],
  help: WAIT,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const refusals: string[] = [];
    for (const word of call.words) {
      const container = call.engine.containers.tryFind(word);
      if (container === null) {
        refusals.push(`Error response from daemon: No such container: ${word}`);
        continue;
      }
      yield* untilStopped(call.engine, container, null);
      call.stdout.write(`${container.exitCode}\n`);
    }
    if (refusals.length > 0) throw new ClientError(refusals.join("\n"));
    return 0;
  },
};

export const containerPrune: Subcommand = {
  names: ["container prune"],
  help: CONTAINER_PRUNE,
  minimum: 0,
  maximum: 0,
  *run(call) {
    if (!call.flags.bool("force")) {
      call.stdout.write(
        "WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] ",
      );
      if (!/^y/i.test(call.process.stdin)) return 0;
    }
    const stopped = call.engine.containers.list().filter((container) => !container.running);
    for (const container of stopped) yield* removeContainer(call.engine, container, false);
    if (stopped.length > 0)
      call.stdout.write(`Deleted Containers:\n${stopped.map(({ id }) => `${id}\n`).join("")}\n`);
    call.stdout.write("Total reclaimed space: 0B\n");
    return 0;
  },
};
