import type { ProgramTable } from "../../host/process.js";

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
}
