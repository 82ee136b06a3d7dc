import { sha256 } from "../../base/sha256.js";
import { Random } from "../../sim/random.js";

/**
 * What a prepare cell knows of the student: chance that is the same whenever this assignment is made for this student. Two neighbours draw
 * differently. Seeded by SHA-256 of assignment, task and student's id.
 */
export class Student {
  /** For `Lab.preset(…, { seed: student.seed })`: the MAC addresses and ids are the student's own. */
  readonly seed: number;
  private readonly random: Random;

  constructor(
    assignment: string,
    task: string,
    readonly id: string,
  ) {
    const digest = sha256(new TextEncoder().encode(JSON.stringify([assignment, task, id])));
    this.seed = Number.parseInt(digest.slice(0, 7), 16);
    this.random = new Random(Number.parseInt(digest.slice(8, 15), 16), digest);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return this.random.between(low, high);
  }

  /** One of these. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError("there is nothing to pick from");
    return choices[this.between(0, choices.length - 1)]!;
  }

  /** The same values in another order. */
  shuffle<T>(values: readonly T[]): T[] {
    const list = [...values];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.between(0, i);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list;
  }
}
