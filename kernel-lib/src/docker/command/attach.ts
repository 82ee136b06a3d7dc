import type { Output, Steps } from "../../host/process.js";
import type { Container } from "../container/container.js";
import { ClientError, type Subcommand } from "./subcommand.js";
import { ATTACH } from "./usage/container.js";

/** Shows what a container's first process writes from now on; the result ends it. */
export function attached(container: Container, stdout: Output, stderr: Output): () => void {
  return container.log.attach((stream, text) => (stream === "stdout" ? stdout : stderr).write(text));
}

/** `docker attach`. */
export const attach: Subcommand = {
  names: ["attach", "container attach"],
  help: ATTACH,
  minimum: 1,
  maximum: 1,
  *run(call) {
    const container = call.engine.containers.find(call.words[0]!);
    if (!container.running) throw new ClientError("You cannot attach to a stopped container, start it first");
    return yield* untilEnded(container, attached(container, call.stdout, call.stderr));
  },
};

/** Waits for the end of a container that one is attached to; gives its status. */
export function* untilEnded(container: Container, stop: () => void): Steps {
  try {
    const child = container.sandbox?.process;
    while (container.running)
      yield {
        kind: "wait",
        queues: [container.changed],
        deadline: null,
        ...(child === undefined ? {} : { child }),
      };
    while (container.request.autoRemove && container.status !== "removing")
      yield { kind: "wait", queues: [container.changed], deadline: null };
    return container.exitCode;
  } finally {
    stop();
  }
}
