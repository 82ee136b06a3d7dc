import type { SubmissionResult } from "../result.js";

/** Two students who did the same things that few others did. */
export interface SimilarPair {
  readonly students: readonly [string, string];
  /** 0 to 1: the weight of what both did by the weight of what either did. */
  readonly likeness: number;
  /** Runs of actions that both have, and at most a tenth of the class. */
  readonly rare: number;
}

/** Actions in a row that are compared as one: a single command may well be the same, a row of three less so. */
const RUN = 3;
/** With fewer in common nothing is said of a pair. */
const LEAST_RARE = 3;
const LEAST_LIKENESS = 0.5;

/**
 * Pairs whose journals are alike, the likest first. What everybody does weighs nothing (the task's own commands), what few do weighs much: the inverse document
 * frequency of information retrieval over runs of actions. It shows where to look; it proves nothing.
 */
export function similarPairs(
  results: readonly Pick<SubmissionResult, "student" | "fingerprint">[],
): SimilarPair[] {
  const students = results.map(({ student, fingerprint }) => ({ student, runs: runsOf(fingerprint) }));
  const having = new Map<string, number[]>();
  students.forEach(({ runs }, i) => {
    for (const run of runs) {
      const list = having.get(run);
      if (list === undefined) having.set(run, [i]);
      else list.push(i);
    }
  });
  const weight = (run: string): number => Math.log(students.length / having.get(run)!.length);
  const weights = students.map(({ runs }) => sum([...runs].map(weight)));
  return candidates(having, students.length)
    .map(([a, b, rare]): SimilarPair => {
      const [one, other] = [students[a]!, students[b]!];
      const shared = sum([...one.runs].filter((run) => other.runs.has(run)).map(weight));
      const either = weights[a]! + weights[b]! - shared;
      return {
        students: [one.student, other.student],
        likeness: either === 0 ? 0 : Math.round((shared / either) * 100) / 100,
        rare,
      };
    })
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .sort((a, b) => b.likeness - a.likeness || b.rare - a.rare);
}

function runsOf(actions: readonly string[]): Set<string> {
  const runs = new Set<string>();
  for (let i = 0; i < actions.length; i++)
    for (let length = 1; length <= RUN && i + length <= actions.length; length++)
      runs.add(actions.slice(i, i + length).join("\n"));
  return runs;
}

/** Pairs that share enough rare runs: by the runs, since a class of 3,000 has 4.5 million pairs. */
function candidates(
  having: ReadonlyMap<string, readonly number[]>,
  count: number,
): [a: number, b: number, rare: number][] {
  const few = Math.max(2, Math.min(20, Math.floor(count / 10)));
  const shared = new Map<number, number>();
  for (const list of having.values()) {
    if (list.length < 2 || list.length > few) continue;
    for (let i = 0; i < list.length; i++)
      for (let j = i + 1; j < list.length; j++) {
        const key = list[i]! * count + list[j]!;
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
  }
  return [...shared].flatMap(([key, rare]) =>
    rare < LEAST_RARE ? [] : [[Math.floor(key / count), key % count, rare]],
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
