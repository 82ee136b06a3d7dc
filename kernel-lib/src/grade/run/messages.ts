/** A code cell of a submission. */
export interface SubmittedCell {
  /** Its place among all cells of the notebook, from 0. */
  readonly index: number;
  readonly source: string;
}

/** What the runner is given on its standard input. */
export interface RunnerInput {
  readonly cells: readonly SubmittedCell[];
}

/**
 * What the runner tells, a line of JSON each. The code beside it can write such lines as well: none is believed further than that a student may have
 * done what an entry says.
 */
export type RunnerMessage =
  /** A task was opened: the first is number 0. `student` is who it was made for. */
  | { readonly kind: "open"; readonly task: number; readonly name: string; readonly student: string }
  /** Its journal has grown by one entry. */
  | { readonly kind: "entry"; readonly task: number; readonly entry: unknown }
  | { readonly kind: "begin"; readonly index: number }
  | { readonly kind: "end"; readonly index: number; readonly ok: boolean; readonly text: string };
