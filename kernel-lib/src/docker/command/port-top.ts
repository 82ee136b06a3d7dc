import type { Process } from "../../host/process.js";
import type { PortBinding } from "../container/config.js";
import { DockerError } from "../docker-error.js";
import { rfc3339Nano, timeOf } from "../go/time.js";
import { hostText } from "../network/ports-text.js";
import { portName } from "../network/wanted-ports.js";
import { portComplaint, splitProtocol } from "./port-spec.js";
import { ClientError, notFoundText, type Subcommand } from "./subcommand.js";
import { PORT, TOP } from "./usage/container.js";

/** `docker port`. */
export const port: Subcommand = {
  names: ["port", "container port"],
  help: PORT,
  minimum: 1,
  maximum: 2,
  run(call) {
    const { engine, words, stdout } = call;
    const newer = engine.version.messages === "28";
    const [name = "", wanted] = words;
    const container = engine.containers.tryFind(name);
    if (container === null)
      throw new ClientError(
        notFoundText(call, new DockerError(`No such container: ${name}`, "notFound", "container"), name),
      );
    if (wanted === undefined) {
      for (const binding of sortedByPort(container.published, newer))
        stdout.write(`${portName(binding)} -> ${hostText(binding, newer)}\n`);
      return 0;
    }
    const [protocol, number] = splitProtocol(wanted);
    const complaint = portComplaint(number);
    if (complaint !== null) throw new ClientError(complaint);
    const key = `${number}/${protocol}`;
    const bound = container.published.filter((binding) => portName(binding) === key);
    if (bound.length === 0)
      throw new ClientError(
        newer
          ? `no public port '${key}' published for ${name}`
          : `Error: No public port '${key}' published for ${name}`,
      );
    for (const binding of bound) stdout.write(`${hostText(binding, newer)}\n`);
    return 0;
  },
};

/** The older clients list ports in no fixed order, here by their names; the newer ones by number. */
function sortedByPort(published: readonly PortBinding[], byNumber: boolean): readonly PortBinding[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...published].sort(
    (a, b) => (byNumber ? a.containerPort - b.containerPort : 0) || compare(portName(a), portName(b)),
  );
}

const TITLES = ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"];

/** `docker top`: the container's processes with the machine's pids, as `ps -ef` lists them. */
export const top: Subcommand = {
  names: ["top", "container top"],
  help: TOP,
  minimum: 1,
  maximum: Infinity,
  interspersed: false,
  run(call) {
    const container = call.engine.containers.find(call.words[0]!);
    if (call.words.length > 1) throw new ClientError("docker top: ps options are not supported here");
    if (container.sandbox === null)
      throw new DockerError(
        `${call.engine.version.messages === "28" ? "container" : "Container"} ${container.id} is not running`,
        "conflict",
      );
    const first = container.sandbox.process;
    const members = [...call.engine.host.processes.values()].filter((process) => inside(process, first));
    const rows = members.map((process) => [
      "root",
      String(process.pid),
      String(process.parent?.pid ?? 0),
      "0",
      rfc3339Nano(timeOf(process.startedAt)).slice(11, 16),
      process.tty ? "pts/0" : "?",
      "00:00:00",
      process.argv.join(" "),
    ]);
    for (const row of [TITLES, ...rows])
      call.stdout.write(`${row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(20) : cell)).join("")}\n`);
    return 0;
  },
};

/** Whether a process is the container's first one or below it, or was put into it by `docker exec`. */
function inside(process: Process, first: Process): boolean {
  return process.uts === first.uts && process.files.system === first.files.system;
}
