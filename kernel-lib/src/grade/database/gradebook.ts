import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "node-sqlite3-wasm";
import type { Submission } from "../intake/submissions.js";
import type { SubmissionResult } from "../result.js";
import { takeOwnership } from "./owner-file.js";
import { openDatabase } from "./sqlite.js";

/** The file of a folder of grades that holds everything; all other files are made from it. */
export const GRADEBOOK = "grades.sqlite";

const SCHEMA = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE submissions (
    student TEXT PRIMARY KEY, name TEXT NOT NULL, layout TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    notebook TEXT, refusal TEXT, warnings TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE grades (
    student TEXT PRIMARY KEY REFERENCES submissions (student), sha256 TEXT NOT NULL, result TEXT NOT NULL, by TEXT NOT NULL
  ) STRICT;
`;

/** A submission that has no grade yet. */
export interface Waiting {
  readonly student: string;
  readonly sha256: string;
  /** The notebook's text; null for one that cannot be graded, with the reason in {@link refusal}. */
  readonly notebook: string | null;
  readonly refusal: string | null;
  readonly warnings: readonly string[];
  /** How often its grading has begun: more than once when a grader ended in the middle. */
  readonly attempts: number;
}

/** A graded submission as the reports read it. */
export interface Graded {
  readonly student: string;
  readonly name: string;
  readonly layout: Submission["layout"];
  readonly source: string;
  readonly notebook: string | null;
  readonly attempts: number;
  readonly by: string;
  readonly result: SubmissionResult;
}

/** What taking a submission in has changed. */
export type Taken = "new" | "same" | "changed";

type Row = Readonly<Record<string, string | number | null>>;

/**
 * The submissions and grades of one assignment, kept on disk: whenever the process ends, every grade that was given is there once. One process has it at a time.
 */
export class Gradebook {
  private constructor(
    private readonly database: Database,
    private readonly release: () => void,
  ) {}

  /** Opens the folder's gradebook, or makes one. Throws when another process has it. */
  static open(folder: string): Gradebook {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, GRADEBOOK);
    const release = takeOwnership(`${path}.owner`);
    try {
      const gradebook = new Gradebook(openDatabase(path, SCHEMA), release);
      if (gradebook.fact("run") === null) gradebook.setFact("run", randomUUID());
      return gradebook;
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    this.database.close();
    this.release();
  }

  /** What the gradebook is about: the assignment, its text's hash, the run's own name. */
  fact(name: string): string | null {
    return (this.row("SELECT value FROM facts WHERE name = ?", [name])?.value as string | undefined) ?? null;
  }

  setFact(name: string, value: string): void {
    this.database.run(
      "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [name, value],
    );
  }

  /** Takes a submission in. One that differs from what was taken in before loses its grade. */
  take({ student, name, layout, source, sha256, intake }: Submission): Taken {
    const known = this.row("SELECT sha256 FROM submissions WHERE student = ?", [student]);
    if (known?.sha256 === sha256) return "same";
    const notebook = intake.kind === "notebook" ? intake.text : null;
    const refusal = intake.kind === "refused" ? intake.reason : null;
    const warnings = JSON.stringify(intake.kind === "notebook" ? intake.warnings : []);
    this.together(() => {
      this.database.run("DELETE FROM grades WHERE student = ?", [student]);
      this.database.run("INSERT OR REPLACE INTO submissions VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)", [
        ...[student, name, layout, source, sha256],
        ...[notebook, refusal, warnings],
      ]);
    });
    return known === null ? "new" : "changed";
  }

  /** Submissions without a grade, in the order in which they were taken in. */
  waiting(): Waiting[] {
    const rows = this.rows(
      "SELECT * FROM submissions WHERE student NOT IN (SELECT student FROM grades) ORDER BY rowid",
    );
    return rows.map((row) => ({
      ...(row as unknown as Waiting),
      warnings: JSON.parse(row.warnings as string) as string[],
    }));
  }

  /** Notes that the grading of a submission begins; gives how often it has begun. */
  begin(student: string): number {
    this.database.run("UPDATE submissions SET attempts = attempts + 1 WHERE student = ?", [student]);
    return this.row("SELECT attempts FROM submissions WHERE student = ?", [student])!.attempts as number;
  }

  /**
   * Gives a submission its grade. False, and nothing changes, when it has one or when the student has handed in something else since: a grade is given once.
   */
  grade(student: string, sha256: string, result: SubmissionResult, by: string): boolean {
    const { changes } = this.database.run(
      `INSERT INTO grades SELECT student, sha256, ?, ? FROM submissions WHERE student = ? AND sha256 = ?
       ON CONFLICT (student) DO NOTHING`,
      [JSON.stringify(result), by, student, sha256],
    );
    return changes === 1;
  }

  /** Takes grades back, of one student or of all, so that they are given anew. Gives how many it were. */
  forget(student: string | null = null): number {
    return this.together(() => {
      const where = student === null ? "" : " WHERE student = ?";
      const values = student === null ? [] : [student];
      this.database.run(`UPDATE submissions SET attempts = 0${where}`, values);
      return this.database.run(`DELETE FROM grades${where}`, values).changes;
    });
  }

  counts(): { readonly submissions: number; readonly graded: number } {
    return this.row(
      "SELECT (SELECT count(*) FROM submissions) AS submissions, (SELECT count(*) FROM grades) AS graded",
    ) as unknown as { submissions: number; graded: number };
  }

  /** Every grade, one after the other by student: what 3,000 of them hold need not be in memory at once. */
  *grades(): Generator<Graded> {
    const students = this.rows("SELECT student FROM grades ORDER BY student");
    for (const { student } of students) {
      const row = this.row(
        `SELECT s.student, name, layout, source, notebook, attempts, by, result
         FROM grades g JOIN submissions s ON s.student = g.student WHERE s.student = ?`,
        [student!],
      )!;
      yield { ...(row as unknown as Graded), result: JSON.parse(row.result as string) as SubmissionResult };
    }
  }

  private row(sql: string, values: (string | number)[] = []): Row | null {
    return this.database.get(sql, values) as Row | null;
  }

  private rows(sql: string): Row[] {
    return this.database.all(sql) as Row[];
  }

  private together<T>(change: () => T): T {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const value = change();
      this.database.exec("COMMIT");
      return value;
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }
}
