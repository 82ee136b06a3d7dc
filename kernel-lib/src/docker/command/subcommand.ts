import type { Output, Process, Steps } from "../../host/process.js";
import type { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import type { ParsedFlags } from "./flags.js";

/** One call of the `docker` command, its words sorted out. */
export interface Call {
  readonly engine: Engine;
  readonly process: Process;
  readonly flags: ParsedFlags;
  /** What is no flag. */
  readonly words: readonly string[];
  readonly stdout: Output;
  readonly stderr: Output;
}

/** One subcommand: what its help says, how many words it takes, what it does. */
export interface Subcommand {
  /** `run`, `network create`: all names, the one that messages use first. */
  readonly names: readonly string[];
  /** Verbatim help text of the newest client; the flags are read from it. */
  readonly help: string;
  /** The same of Docker 20.10, where more differs than an older client's manner of printing. */
  readonly olderHelp?: string;
  readonly minimum: number;
  readonly maximum: number;
  /** False: the first word that is no flag ends the flags. */
  readonly interspersed?: boolean;
  run(call: Call): number | Steps;
}

/** The client's own refusal: printed as it is, with that status. */
export class ClientError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

/** `Error response from daemon: …`, as the client shows what the daemon refuses. */
export function daemonSays(error: DockerError): string {
  return `Error response from daemon: ${error.message}`;
}

/** How the client names what the daemon could not find when it is asked to look at it (until 23 its own words). */
export function notFoundText(call: Call, error: DockerError, text: string): string {
  if (error.kind !== "notFound" || call.engine.version.messages === "28") return daemonSays(error);
  const kind = error.subject === "network" ? "network" : error.subject === "image" ? "image" : "container";
  return `Error: No such ${kind}: ${text}`;
}
