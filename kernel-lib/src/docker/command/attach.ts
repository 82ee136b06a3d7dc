import type { Output } from "../../host/process.js";
import type { Container } from "../container/container.js";
import { untilEnded } from "./run.js";
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
