import { type Call, ClientError, daemonSays } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";

/** How the client says that a node is not there, where it looks at one by name (until 23 its own words). */
export function nodeRefusal(call: Call, error: unknown, word: string): string {
  if (!(error instanceof DockerError)) throw error;
  const own = error.kind === "notFound" && call.engine.version.messages !== "28";
  return own ? `Error: No such node: ${word}` : daemonSays(error);
}

/** Runs what may not find a node that it names. */
export function inClientWords<T>(call: Call, word: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw new ClientError(nodeRefusal(call, error, word));
  }
}
