import type { Nanoseconds } from "../../base/units.js";
import type { ProgramTable } from "../../host/process.js";
import type { Layer } from "./layer.js";

/** One step of a build: the image that it made is the one before it with what the step changed. */
export interface BuildStep {
  /** The image before; null for `FROM scratch`. */
  readonly parent: Image | null;
  /** As `docker history` shows it: `/bin/sh -c #(nop)  ENV A=1`. */
  readonly createdBy: string;
  readonly comment: string;
  readonly createdAt: Nanoseconds;
  /** Null for a step that changes the configuration only. */
  readonly layer: Layer | null;
  /** Id of the container in which it ran; empty where there was none. */
  readonly container: string;
  /** What the next build must do to be told `Using cache`. */
  readonly cacheKey: string;
  /** Only a step of an image that BuildKit has made: it is no image of its own. */
  readonly inner: boolean;
}

/** An image that the lab knows. */
export interface Image {
  readonly name: string;
  readonly tag: string;
  /** 64 hex digits, without `sha256:`. */
  readonly id: string;
  /** Digest of the repository. */
  readonly digest: string;
  /** Seconds before the lab's start at which it was built. */
  readonly ageSeconds: number;
  readonly size: number;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly exposed: readonly string[];
  readonly workingDirectory: string;
  readonly stopSignal: string | null;
  readonly labels: ReadonlyMap<string, string>;
  readonly userland: "debian" | "alpine" | "busybox";
  readonly files: Readonly<Record<string, string>>;
  readonly programs: ProgramTable;
  /** Programs that end by themselves when asked to stop, with their exit status; all others ignore SIGTERM as process 1. */
  readonly stopsWith: ReadonlyMap<string, number>;
  /** Built here, so that no registry has it (`test-image`). */
  readonly local: boolean;
  /** Whose processes USER says that its are; empty or absent: root's. */
  readonly user?: string;
  /** Folders that VOLUME names. */
  readonly volumes?: readonly string[];
  /** The step of a build that made it. */
  readonly step?: BuildStep;
}
