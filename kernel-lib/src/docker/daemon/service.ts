import { Output, type Process } from "../../host/process.js";
import type { Engine } from "../engine.js";

/** The unit docker.service: the dockerd that systemd has started, and how the last one ended. */
export class DockerService {
  private process: Process | null = null;
  private said = new Output();
  /** Virtual time of the last start or end. */
  since = 0;

  constructor(readonly engine: Engine) {}

  /** Null before the first start. */
  get main(): Process | null {
    return this.process;
  }

  /** What dockerd has said last: why it ended. */
  get lastWords(): string {
    return this.said.written.trimEnd();
  }

  get state(): "active" | "activating" | "deactivating" | "inactive" | "failed" {
    const { state } = this.engine;
    if (this.process === null) return "inactive";
    if (this.process.exitCode !== null) return this.process.exitCode === 0 ? "inactive" : "failed";
    return state === "up" ? "active" : state === "stopping" ? "deactivating" : "activating";
  }

  /** Starts dockerd as a child of pid 1. */
  spawn(): Process {
    const { host } = this.engine;
    this.said = new Output();
    this.process = host.spawn({
      argv: ["dockerd"],
      stdout: new Output(),
      stderr: this.said,
      cause: "dockerd",
    });
    this.since = host.world.scheduler.now;
    return this.process;
  }
}
