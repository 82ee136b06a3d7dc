import { progressBar } from "../base/progress-bar.js";

/** A step of making the book. */
export type BuildStep =
  | { readonly kind: "read"; readonly chapter: string }
  | { readonly kind: "run"; readonly chapter: string; readonly done: number; readonly total: number }
  | { readonly kind: "unchanged"; readonly chapter: string }
  | { readonly kind: "write"; readonly pages: number };

/** Told of every step as it happens. */
export type OnProgress = (step: BuildStep) => void;

/** Where progress is printed: `process.stderr`, or a stand-in of a test. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

function stepLine(step: BuildStep): string {
  switch (step.kind) {
    case "read":
      return `${step.chapter}: reading`;
    case "run":
      return `${step.chapter}: running cell ${step.done} of ${step.total}`;
    case "unchanged":
      return `${step.chapter}: unchanged, its outputs stay`;
    case "write":
      return `writing ${step.pages} pages`;
  }
}

/** Prints steps: a bar that redraws itself on a terminal, elsewhere one line when a chapter starts and one when it ends. */
export function printProgress(output: ProgressOutput): OnProgress {
  let open = false;
  let last = "";
  return (step) => {
    const same = JSON.stringify(step) === last;
    last = JSON.stringify(step);
    if (same) return;
    if (output.isTTY) {
      const line =
        step.kind === "run"
          ? `${step.chapter} ${progressBar(step.done, step.total)} ${step.done}/${step.total}`
          : stepLine(step);
      const ends = step.kind === "run" ? step.done === step.total : true;
      if (step.kind === "read") return;
      output.write(
        `${open ? "\r\x1b[K" : ""}${line.slice(0, (output.columns ?? 80) - 1)}${ends ? "\n" : ""}`,
      );
      open = !ends;
    } else if (step.kind !== "run" || step.done === 0) {
      output.write(
        `${step.kind === "run" ? `${step.chapter}: running ${step.total} cells` : stepLine(step)}\n`,
      );
    } else if (step.done === step.total) {
      output.write(`${step.chapter}: ran ${step.total} cells\n`);
    }
  };
}
