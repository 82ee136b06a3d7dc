import type { LogLine } from "../container/log.js";
import { DockerError } from "../docker-error.js";
import { rfc3339NanoFixed, timeOf } from "../go/time.js";
import { type Call, ClientError, notFoundText, type Subcommand } from "./subcommand.js";
import { LOGS } from "./usage/container.js";

function show(call: Call, line: LogLine): void {
  const stamp = call.flags.bool("timestamps") ? `${rfc3339NanoFixed(timeOf(line.at))} ` : "";
  (line.stream === "stdout" ? call.stdout : call.stderr).write(stamp + line.text);
}

/** `docker logs`. */
export const logs: Subcommand = {
  names: ["logs", "container logs"],
  help: LOGS,
  minimum: 1,
  maximum: 1,
  *run(call) {
    const { engine, flags, words } = call;
    for (const name of ["since", "until", "details"])
      if (flags.has(name)) throw new ClientError(`docker logs: option --${name} is not supported here`);
    try {
      const container = engine.containers.find(words[0]!);
      const { log } = container;
      const tail = flags.value("tail") ?? "all";
      let next = /^\d+$/.test(tail) ? Math.max(0, log.lines.length - Number(tail)) : 0;
      for (;;) {
        for (; next < log.lines.length; next++) show(call, log.lines[next]!);
        if (!flags.bool("follow") || !container.running) return 0;
        yield { kind: "outsider", queues: [log.grown, container.changed] };
      }
    } catch (error) {
      throw error instanceof DockerError ? new ClientError(notFoundText(call, error, words[0]!)) : error;
    }
  },
};
