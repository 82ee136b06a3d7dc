import { performance } from "node:perf_hooks";
import { progressBar } from "../base/progress-bar.js";
import type { CourseStep } from "../grade/index.js";

interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const CLEAR_LINE = "\r\u001b[K";

/** Shows how far grading is, how many submissions a minute, and how long it will take: a bar that redraws itself on a terminal, one line for each grade elsewhere. */
export function gradeProgress(
  title: string,
  stream: Stream,
  now: () => number = () => performance.now(),
): { readonly step: (step: CourseStep) => void; readonly clear: () => void } {
  const start = now();
  let graded = 0;
  let shown = false;
  const bar = (done: number, total: number, words: string): void => {
    const line = `${title} ${progressBar(done, total)} ${done}/${total} ${words}`;
    stream.write(`${CLEAR_LINE}${line.slice(0, (stream.columns ?? 80) - 1)}`);
    shown = true;
  };
  const step = (step: CourseStep): void => {
    if (step.kind === "graded") graded++;
    if (stream.isTTY === true) {
      if (step.kind === "taken") bar(step.graded, step.submissions, "taken in");
      else if (step.kind === "reports") bar(step.done, step.total, "feedback");
      else bar(step.done, step.total, pace(graded, now() - start, step.total - step.done));
    } else if (step.kind !== "reports" || step.done === step.total)
      stream.write(`${title}: ${lineOf(step)}\n`);
  };
  const clear = (): void => {
    if (shown) stream.write(CLEAR_LINE);
    shown = false;
  };
  return { step, clear };
}

/** `46/min, 2 min left`. */
function pace(graded: number, elapsedMs: number, left: number): string {
  const rate = graded / (elapsedMs / 60_000);
  const minutes = left / rate;
  const time = minutes < 1 ? `${Math.ceil(minutes * 60)} s` : `${Math.round(minutes)} min`;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/min, ${time} left`;
}

function lineOf(step: CourseStep): string {
  switch (step.kind) {
    case "taken": {
      const changed = step.changed === 0 ? "" : `, ${step.changed} handed in anew`;
      return `${step.submissions} submissions, ${step.graded} graded before${changed}`;
    }
    case "graded": {
      const { student, points, maxPoints, reason } = step.result;
      return `${step.done}/${step.total} ${student} ${points}/${maxPoints}${reason === undefined ? "" : ` (${reason})`}`;
    }
    case "reports":
      return `feedback for ${step.total} written`;
  }
}
