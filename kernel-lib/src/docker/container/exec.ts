import type { Output, Process } from "../../host/process.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import type { Container } from "./container.js";
import { execError } from "./exec-error.js";
import { containerEnvironment } from "./lifecycle.js";

/** What `docker exec` asks for. */
export interface ExecRequest {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly workingDirectory: string | null;
  readonly tty: boolean;
  readonly stdin: string;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Why an exec ends before its program begins: the client's status is 126 or 127. */
export class ExecRefused extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Starts another program in a running container. Throws DockerError when it does not run, ExecRefused when the program is not there. */
export function startExec(engine: Engine, container: Container, request: ExecRequest): Process {
  const { sandbox } = container;
  if (sandbox === null)
    throw new DockerError(
      engine.version.messages === "28"
        ? `container ${container.id} is not running`
        : `Container ${container.id} is not running`,
      "conflict",
    );
  const prefix = "OCI runtime exec failed: exec failed: ";
  if (request.workingDirectory !== null && !request.workingDirectory.startsWith("/"))
    throw new ExecRefused(`${prefix}Cwd must be an absolute path: unknown`, 126);
  const missing = execError(container, request.argv[0]!);
  if (missing !== null)
    throw new ExecRefused(
      `${prefix}unable to start container process: ${missing.message}: unknown`,
      engine.version.messages === "28" ? missing.status : 126,
    );
  return engine.daemon.spawn({
    argv: request.argv,
    netns: sandbox.netns,
    files: container.files,
    programs: container.programs,
    env: containerEnvironment(container, request.tty, [...container.request.env, ...request.env]),
    cwd: request.workingDirectory ?? (container.request.workingDirectory || "/"),
    stdin: request.stdin,
    stdout: request.stdout,
    stderr: request.tty ? request.stdout : request.stderr,
    tty: request.tty,
    uts: sandbox.process.uts,
    pidNamespaceOf: sandbox.process,
    cause: engine.serving.cause,
  });
}
