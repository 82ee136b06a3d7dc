import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Steps } from "../../host/process.js";
import type { Container } from "../container/container.js";
import { signal, startContainer, untilStopped } from "../container/lifecycle.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";

/** The daemon ends: every container is asked to end and killed when it has not in its time, all side by side. Nobody has stopped them by hand. */
export function* stopContainers(engine: Engine): Steps<void> {
  const running = engine.containers.list().filter((container) => container.running);
  const { now } = engine.host.world.scheduler;
  for (const container of running) signal(container, container.request.stopSignal ?? "SIGTERM");
  const patience = (container: Container): Nanoseconds => now + seconds(container.request.stopTimeout ?? 10);
  for (const container of running.sort((a, b) => patience(a) - patience(b))) {
    yield* untilStopped(engine, container, patience(container));
    container.sandbox?.process.kill("SIGKILL");
    yield* untilStopped(engine, container, null);
  }
}

/** The daemon starts: what a killed daemon has left running is ended, and what is to run is started, oldest first. */
export function* restartContainers(engine: Engine): Steps<void> {
  for (const container of engine.containers.list().reverse()) {
    container.sandbox?.process.kill("SIGKILL");
    yield* untilStopped(engine, container, null);
    if (!wantsToRun(container)) continue;
    try {
      yield* startContainer(engine, container);
    } catch (error) {
      // The daemon only logs it; `docker inspect` shows the message.
      if (!(error instanceof DockerError)) throw error;
    }
  }
}

/** `--restart` after a start of the daemon (restartmanager.ShouldRestart): always also what was stopped by hand. */
function wantsToRun({ request, startedAt, stoppedByHand, exitCode, restartCount }: Container): boolean {
  const { name, retries } = request.restart;
  if (startedAt === null) return false;
  if (name === "always") return true;
  if (name === "unless-stopped") return !stoppedByHand;
  return name === "on-failure" && exitCode !== 0 && (retries === 0 || restartCount < retries);
}
