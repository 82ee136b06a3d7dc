import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Points of the student with this number. */
export const pointsOf = (number: number): number => (number * 7) % 11;

export const idOf = (number: number): string => `student-${number}`;

/** Notebooks of one cell, which holds the points that the stand-in gives. */
export function writeClass(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < count; number++) {
    const cells = [
      {
        cell_type: "code",
        id: "a",
        metadata: {},
        source: String(pointsOf(number)),
        outputs: [],
        execution_count: null,
      },
    ];
    writeFileSync(
      join(folder, `${idOf(number)}.ipynb`),
      JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
    );
  }
}
