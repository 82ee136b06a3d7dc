import type { Process, Program, Steps } from "../../host/process.js";
import { steppedTool, ToolExit } from "../../tools/tool-exit.js";
import type { DockerService } from "./service.js";
import { statusText } from "./status-text.js";

const VERBS = new Set(["start", "stop", "restart", "try-restart", "status", "is-active", "is-failed"]);
/** Exit status of systemctl for a unit that does not exist, and of LSB's "program is not running". */
const NOT_FOUND = 5;
const UNKNOWN = 4;
const NOT_RUNNING = 3;

/** `systemctl start|stop|restart|status|is-active docker`: the one unit that a lab's machine has. There is no socket activation. */
export function systemctl(service: DockerService): Program {
  return steppedTool(function* (process) {
    const words = process.argv.slice(1).filter((word) => !["--no-pager", "-l", "--full"].includes(word));
    const quiet = words.some((word) => word === "-q" || word === "--quiet");
    const rest = words.filter((word) => word !== "-q" && word !== "--quiet");
    const option = rest.find((word) => word.startsWith("-"));
    if (option !== undefined) throw new ToolExit(1, `systemctl: option ${option} is not supported here\n`);
    const [verb = "", ...units] = rest;
    if (verb === "daemon-reload" && units.length === 0) return 0;
    if (!VERBS.has(verb))
      throw new ToolExit(1, `systemctl: ${verb === "" ? "list-units" : verb} is not supported here\n`);
    if (units.length === 0) throw new ToolExit(1, "Too few arguments.\n");
    let status = 0;
    for (const unit of units) status = (yield* act(process, service, verb, unit, quiet)) || status;
    return status;
  });
}

/** `service docker start|stop|restart|status`, which hands on to systemctl. */
export function serviceCommand(service: DockerService): Program {
  return steppedTool(function* (process) {
    const [unit = "", verb = ""] = process.argv.slice(1);
    if (unit === "" || verb === "")
      throw new ToolExit(
        1,
        "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n",
      );
    if (!["start", "stop", "restart", "status", "try-restart"].includes(verb))
      throw new ToolExit(1, `service: ${verb} is not supported here\n`);
    return yield* act(process, service, verb, unit, false);
  });
}

function* act(
  process: Process,
  service: DockerService,
  verb: string,
  unit: string,
  quiet: boolean,
): Steps<number> {
  const name = /\.[a-z]+$/.test(unit) ? unit : `${unit}.service`;
  const known = name === "docker.service";
  switch (verb) {
    case "is-active":
    case "is-failed": {
      const state = known ? service.state : "inactive";
      if (!quiet) process.stdout.write(`${state}\n`);
      if (verb === "is-failed") return state === "failed" ? 0 : 1;
      return state === "active" ? 0 : NOT_RUNNING;
    }
    case "status":
      if (!known) throw new ToolExit(UNKNOWN, `Unit ${name} could not be found.\n`);
      process.stdout.write(statusText(service));
      return service.state === "active" ? 0 : NOT_RUNNING;
    default:
      if (!known)
        throw new ToolExit(
          NOT_FOUND,
          `Failed to ${verb} ${name}: Unit ${name} not ${verb === "stop" ? "loaded" : "found"}.\n`,
        );
      return yield* change(service, verb);
  }
}

function* change(service: DockerService, verb: string): Steps<number> {
  const runs = service.state === "active" || service.state === "activating";
  if (verb === "try-restart" && !runs) return 0;
  if (verb !== "start" && runs) yield* stop(service);
  if (verb === "stop") return 0;
  if (service.state === "active") return 0;
  const daemon = service.spawn();
  while (service.engine.state !== "up" && daemon.exitCode === null)
    yield { kind: "wait", queues: [service.engine.changed, daemon.exited], deadline: null };
  if (daemon.exitCode === null) return 0;
  throw new ToolExit(
    1,
    'Job for docker.service failed because the control process exited with error code.\nSee "systemctl status docker.service" and "journalctl -xeu docker.service" for details.\n',
  );
}

/** SIGTERM, and until dockerd has stopped its containers and ended. */
function* stop(service: DockerService): Steps<void> {
  const daemon = service.main!;
  daemon.kill("SIGTERM");
  while (daemon.exitCode === null) yield { kind: "wait", queues: [daemon.exited], deadline: null };
  service.since = service.engine.host.world.scheduler.now;
}
