import type { Observed } from "./play.js";
import type { Scene } from "./scene.js";

/** One thing that the two sides do not agree on. */
export interface Difference {
  readonly step: string;
  readonly place: string;
  readonly real: readonly string[];
  readonly ours: readonly string[];
}

export function differences(
  { except, unordered }: Scene,
  real: readonly Observed[],
  ours: readonly Observed[],
): readonly Difference[] {
  const found: Difference[] = [];
  for (const [i, { step, places }] of real.entries()) {
    const other = ours[i]!.places;
    for (const place of new Set([...places.keys(), ...other.keys()])) {
      const kept = (lines: readonly string[] = []) => {
        const left =
          except === undefined ? lines : lines.filter((line) => !except.lines.test(`${place}: ${line}`));
        return unordered === undefined || !place.includes(" frames on ") ? left : [...left].sort();
      };
      const [a, b] = [kept(places.get(place)), kept(other.get(place))];
      if (a.join("\n") !== b.join("\n")) found.push({ step, place, real: a, ours: b });
    }
  }
  return found;
}

/** To read: the script, then what each side has. Lines that both have in their places are left out. */
export function told(scene: Scene, found: readonly Difference[]): string {
  return [
    `--- ${scene.name}`,
    ...scene.setup,
    "    then",
    ...scene.steps,
    ...found.flatMap(({ step, place, real, ours }) => [
      `@ ${place}, after ${step}`,
      ...only(real, ours).map((line) => `  kernel ${line}`),
      ...only(ours, real).map((line) => `  ours   ${line}`),
    ]),
    "",
  ].join("\n");
}

/** Lines that the other side does not have; all of them when they only stand in another order. */
function only(lines: readonly string[], other: readonly string[]): readonly string[] {
  const rest = [...other];
  const left = lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return left.length === 0 && rest.length === 0 ? lines : left;
}
