/** What a program in the sandbox may use. A program that reaches a limit is ended; what it has told until then counts. */
export interface Limits {
  /** Seconds of processor time, of all its threads. */
  readonly cpuSeconds: number;
  /** Seconds on the wall's clock: a program that only waits uses no processor. */
  readonly wallSeconds: number;
  /** Bytes of memory. */
  readonly memoryBytes: number;
  /** Processes and threads; Node itself needs about ten. */
  readonly processes: number;
  /** Bytes that it may tell. */
  readonly outputBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  cpuSeconds: 20,
  wallSeconds: 60,
  memoryBytes: 2 ** 30,
  processes: 32,
  outputBytes: 2 ** 20,
};

/** Which walls a program is put behind. */
export type SandboxKind =
  /** A namespace of its own for everything: no network, no files but the program, no other process (bubblewrap). */
  | "bubblewrap"
  /** Node's permission model in a child: no files, no processes; but the network is there, and the wall is Node itself. */
  | "node"
  /** A child without walls. */
  | "none";
