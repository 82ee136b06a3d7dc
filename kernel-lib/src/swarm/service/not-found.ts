import { type Call, ClientError, daemonSays } from "../../docker/command/subcommand.js";
import { DockerError } from "../../docker/docker-error.js";

/** How the client says that a service is not there, where it looks at one by name (until 23 its own words). */
export function serviceRefusal(call: Call, error: DockerError, word: string): string {
  const own =
    error.kind === "notFound" && error.subject === "service" && call.engine.version.messages !== "28";
  return own ? `Error: No such service: ${word}` : daemonSays(error);
}

/** Runs what may not find a service that it names. */
export function inClientWords<T>(call: Call, word: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof DockerError ? new ClientError(serviceRefusal(call, error, word)) : error;
  }
}
