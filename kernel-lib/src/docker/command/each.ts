import type { Steps } from "../../host/process.js";
import { DockerError } from "../docker-error.js";
import { type Call, ClientError, daemonSays } from "./subcommand.js";

/**
 * Does one thing to each word: what went well is named on standard output at once, what was refused is said together at the end
 * (cli.Errors), with status 1.
 */
export function* forEach(
  call: Call,
  act: (word: string) => Steps<void>,
  refusal = (error: DockerError, _word: string) => daemonSays(error),
): Steps {
  const refusals: string[] = [];
  for (const word of call.words) {
    try {
      yield* act(word);
      call.stdout.write(`${word}\n`);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      refusals.push(refusal(error, word));
    }
  }
  if (refusals.length > 0) throw new ClientError(refusals.join("\n"));
  return 0;
}
