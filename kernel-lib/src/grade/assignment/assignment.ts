/** What a cell of an assignment is for. */
export type CellKind =
  /** Text that everybody reads. */
  | "prose"
  /** The teacher's: makes a task for one student. No notebook has it. */
  | "prepare"
  /** Locked: opens a task and gives its machines names. */
  | "setup"
  /** The student's, with the reference solution between `// BEGIN SOLUTION` and `// END SOLUTION`. */
  | "answer"
  /** Locked, with points: all of it holds, or it gives nothing. Between `// BEGIN HIDDEN TESTS` and `// END HIDDEN TESTS` stands what a student does not see. */
  | "check"
  /** Text of the student's that a teacher reads and gives points for. */
  | "explain";

/** One cell of an assignment, as the teacher wrote it. */
export interface AssignmentCell {
  readonly kind: CellKind;
  /** Within the assignment; nbgrader's `grade_id`. Empty for prose. */
  readonly id: string;
  /** The task that it belongs to: the one that was opened last before it. Empty before the first. */
  readonly task: string;
  /** TypeScript, or Markdown for prose and explanations; with its regions. */
  readonly source: string;
  readonly title: string;
  /** 0 where the cell has none. */
  readonly points: number;
  /** Of a check: nothing of it but hidden checks. */
  readonly hidden: boolean;
  /** The line of the file at which the cell begins. */
  readonly line: number;
}

/** Whether each student has a variant, or all have the same one, as nbgrader's students must. */
export type Variants = "each" | "everyone";

/** A chapter's assignment, read from its `assignment.md`. */
export interface Assignment {
  /** The chapter's name, e.g. `03-vxlan`. */
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly cells: readonly AssignmentCell[];
  /** The tasks by name, in their order. */
  readonly tasks: readonly string[];
  /** Of the checks. */
  readonly maxPoints: number;
  /** Of the explanations, which a teacher gives. */
  readonly manualPoints: number;
  readonly variants: Variants;
}

/** For whom the tasks of a student are made: where all have the same variant, for nobody in particular. */
export function variantOf({ variants }: Pick<Assignment, "variants">, student: string): string {
  return variants === "everyone" ? "everyone" : student;
}
