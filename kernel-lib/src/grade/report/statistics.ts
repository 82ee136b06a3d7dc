import type { SubmissionResult } from "../result.js";

/** How one check came out over the class. */
export interface CheckCount {
  readonly id: string;
  readonly task: string;
  readonly title: string;
  readonly hidden: boolean;
  readonly asked: number;
  readonly missed: number;
}

/** What the summary page says of a class. */
export class ClassStatistics {
  readonly students: Pick<SubmissionResult, "student" | "points" | "maxPoints">[] = [];
  readonly failed: { readonly student: string; readonly reason: string }[] = [];
  readonly warned: { readonly student: string; readonly warnings: readonly string[] }[] = [];
  hints = 0;
  maxPoints = 0;
  private readonly checks = new Map<string, { -readonly [K in keyof CheckCount]: CheckCount[K] }>();

  add(result: SubmissionResult): void {
    const { student, points, maxPoints } = result;
    this.students.push({ student, points, maxPoints });
    this.maxPoints = Math.max(this.maxPoints, result.maxPoints);
    if (result.status === "failed")
      this.failed.push({ student: result.student, reason: result.reason ?? "no reason was given" });
    if (result.warnings.length > 0) this.warned.push({ student: result.student, warnings: result.warnings });
    for (const task of result.tasks) {
      this.hints += task.hints.length;
      for (const { id, title, hidden, status } of task.checks) {
        const count = this.checks.get(id) ?? { id, task: task.name, title, hidden, asked: 0, missed: 0 };
        count.asked++;
        if (status !== "pass") count.missed++;
        this.checks.set(id, count);
      }
    }
  }

  get points(): number[] {
    return this.students.map(({ points }) => points);
  }

  get mean(): number {
    const { points } = this;
    if (points.length === 0) return 0;
    return Math.round((points.reduce((all, each) => all + each, 0) / points.length) * 100) / 100;
  }

  get median(): number {
    const sorted = [...this.points].sort((a, b) => a - b);
    if (sorted.length === 0) return 0;
    const upper = sorted[sorted.length >> 1]!;
    return sorted.length % 2 === 1 ? upper : (sorted[(sorted.length >> 1) - 1]! + upper) / 2;
  }

  /** The most missed first; those that nobody missed are left out. */
  get missed(): CheckCount[] {
    return [...this.checks.values()]
      .filter(({ missed }) => missed > 0)
      .sort((a, b) => b.missed / b.asked - a.missed / a.asked);
  }
}
