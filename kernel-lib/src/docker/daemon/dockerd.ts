import { KernelError } from "../../base/errno.js";
import type { Host } from "../../host/host.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { untilOutsider } from "../../host/waits.js";
import { steppedTool, ToolExit } from "../../tools/tool-exit.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { restartContainers, stopContainers } from "./containers.js";
import { DaemonConfigError, readSettings } from "./read-settings.js";
import { setUp } from "./set-up.js";
import { type DaemonSettings, DEFAULT_SETTINGS } from "./settings.js";

export const CONFIGURATION_FILE = "/etc/docker/daemon.json";
const PID_FILE = "/var/run/docker.pid";

/**
 * `dockerd`: reads its configuration, sets up the default bridge and the rules, starts again the containers that are to run, and serves until SIGTERM,
 * at which it stops them all.
 */
export function dockerd(engine: Engine): Program {
  return steppedTool(function* (process) {
    const option = process.argv[1];
    if (option !== undefined)
      throw new ToolExit(1, `dockerd: option ${option} is not supported here: use ${CONFIGURATION_FILE}\n`);
    const settings = configuration(process);
    if (process.files.exists(PID_FILE))
      throw failed("pid file found, ensure docker is not running or delete /var/run/docker.pid");
    process.files.write(PID_FILE, String(process.pid));
    let asked = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.onSignal(signal, () => {
        asked = true;
      });
    engine.begin(process, settings);
    try {
      yield* start(engine);
      while (!asked) yield* untilOutsider([process.exited]);
      engine.enter("stopping");
      if (engine.swarm !== null) yield* engine.swarm.stopping();
      yield* stopContainers(engine);
      return 0;
    } finally {
      engine.enter("down");
      process.files.unlink(PID_FILE);
    }
  });
}

/** Writes the configuration file before the first start. */
export function writeConfiguration(host: Host, contents: Readonly<Record<string, unknown>>): void {
  host.files.write(CONFIGURATION_FILE, `${JSON.stringify(contents, null, 2)}\n`);
}

/** What the configuration file says; Docker's defaults where there is none. */
function configuration(process: Process): DaemonSettings {
  if (!process.files.exists(CONFIGURATION_FILE)) return DEFAULT_SETTINGS;
  try {
    return readSettings(process.files.readText(CONFIGURATION_FILE));
  } catch (error) {
    if (!(error instanceof DaemonConfigError)) throw error;
    if (error.late) throw failed(error.message);
    throw new ToolExit(
      1,
      `unable to configure the Docker daemon with file ${CONFIGURATION_FILE}: ${error.message}\n`,
    );
  }
}

function* start(engine: Engine): Steps<void> {
  try {
    yield* setUp(engine);
  } catch (error) {
    if (!(error instanceof DockerError || error instanceof KernelError)) throw error;
    throw failed(`Error initializing network controller: ${error.message}`);
  }
  yield* restartContainers(engine);
  if (engine.swarm !== null) yield* engine.swarm.started();
  engine.enter("up");
}

function failed(why: string): ToolExit {
  return new ToolExit(1, `failed to start daemon: ${why}\n`);
}
