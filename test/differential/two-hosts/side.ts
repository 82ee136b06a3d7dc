/** A machine of the underlay: its cards, and lines of bash that set it up before anything else. */
export interface MachinePlan {
  readonly name: string;
  readonly nics: readonly { readonly name: string; readonly mac: string }[];
  readonly setup: readonly string[];
}

export interface CablePlan {
  readonly from: readonly [machine: string, nic: string];
  readonly to: readonly [machine: string, nic: string];
}

export interface Plan {
  readonly machines: readonly MachinePlan[];
  readonly cables: readonly CablePlan[];
}

export interface Printed {
  readonly status: number;
  /** Standard output, then standard error. */
  readonly text: string;
}

/** A frame as a capture on a device shows it. */
export interface SeenFrame {
  readonly device: string;
  readonly direction: "in" | "out";
  readonly bytes: Uint8Array;
}

/** Something by machine, then by network namespace; the machine's own has the name "". */
export type ByNamespace<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

export interface Questions {
  readonly machines: readonly (readonly string[])[];
  readonly containers: readonly (readonly string[])[];
}

/** One of the two worlds: namespaces of this kernel, or the lab. */
export interface Side {
  /** Fresh machines with their cables. */
  open(plan: Plan): Promise<void>;
  /** Runs lines of bash on a machine, and waits until all that came of it is over. */
  run(machine: string, line: string): Promise<Printed>;
  /** A program with a raw socket sends a frame by a device. */
  send(machine: string, space: string, device: string, frame: Uint8Array): Promise<void>;
  /** Frames seen since the last time on all devices. */
  take(): Promise<ByNamespace<readonly SeenFrame[]>>;
  /** What commands print in the machines' own namespaces, and what in their others. */
  ask(questions: Questions): Promise<ByNamespace<readonly string[]>>;
}
