import { Output } from "../../host/process.js";
import { waitFor } from "../../host/waits.js";
import { ExecRefused, startExec } from "../container/exec.js";
import { DockerError } from "../docker-error.js";
import { ClientError, notFoundText, type Subcommand } from "./subcommand.js";
import { EXEC } from "./usage/container.js";

/** `docker exec`: another program in a running container. Status: the program's own, 126 or 127 when it cannot be run. */
export const exec: Subcommand = {
  names: ["exec", "container exec"],
  help: EXEC,
  minimum: 2,
  maximum: Infinity,
  interspersed: false,
  *run(call) {
    const { engine, flags, words } = call;
    const [name = "", ...argv] = words;
    for (const option of ["env-file", "detach-keys"]) if (flags.has(option)) throw unsupported(option);
    if (flags.has("user") && !["root", "0", "0:0"].includes(flags.value("user") ?? ""))
      throw unsupported("user");
    const detached = flags.bool("detach");
    try {
      const container = engine.containers.find(name);
      yield* engine.work(60);
      const child = startExec(engine, container, {
        argv,
        env: flags.values("env"),
        workingDirectory: flags.value("workdir"),
        tty: flags.bool("tty"),
        stdin: flags.bool("interactive") ? call.process.stdin : "",
        stdout: detached ? new Output() : call.stdout,
        stderr: detached ? new Output() : call.stderr,
      });
      return detached ? 0 : yield* waitFor(child);
    } catch (error) {
      if (error instanceof ExecRefused) throw new ClientError(error.message, error.status);
      if (error instanceof DockerError) throw new ClientError(notFoundText(call, error, name));
      throw error;
    }
  },
};

function unsupported(option: string): ClientError {
  return new ClientError(`docker: option --${option} is not supported here`, 125);
}
