import { formatDuration } from "../base/units.js";
import type { Cable } from "../link/cable.js";
import { type CableFigures, SOUND_CABLE } from "../link/cable-figures.js";

/** `delay 5.00 ms, rate 100 Mbit/s, loss 1 %`: delay and rate, and of the others those that are not as in a cable by default. */
export function describeFigures(
  figures: CableFigures,
  always: readonly string[] = ["delay", "rate"],
): string {
  const texts: Readonly<Record<keyof CableFigures, string>> = {
    delay: `delay ${formatDuration(figures.delay)}`,
    rate: `rate ${formatRate(figures.rate)}`,
    loss: `loss ${formatShare(figures.loss)}`,
    duplicate: `duplicate ${formatShare(figures.duplicate)}`,
    reorder: `reorder ${formatShare(figures.reorder)}`,
    reorderDelay: `reorder delay ${formatDuration(figures.reorderDelay)}`,
    corrupt: `corrupt ${formatShare(figures.corrupt)}`,
    queue: `queue ${figures.queue}`,
  };
  return (Object.keys(texts) as (keyof CableFigures)[])
    .filter((name) => always.includes(name) || figures[name] !== SOUND_CABLE[name])
    .map((name) => texts[name])
    .join(", ");
}

/** What of a cable is not as by default, for a drawing: `loss 1 %`, or by direction `→ loss 1 %` and `← delay 5.00 ms`. Empty for a sound cable. */
export function cableNotes(cable: Cable): readonly string[] {
  const [there, back] = [cable.figures(0), cable.figures(1)].map((figures) => describeFigures(figures, []));
  if (there === back) return there === "" ? [] : [there!];
  const [a, b] = cable.nics!.map(({ home }) => home.machine);
  return [
    ...(there === "" ? [] : [`${a} → ${b}: ${there}`]),
    ...(back === "" ? [] : [`${b} → ${a}: ${back}`]),
  ];
}

function formatRate(rate: number): string {
  const units = [
    [1e9, "Gbit/s"],
    [1e6, "Mbit/s"],
    [1e3, "kbit/s"],
  ] as const;
  const [size, unit] = units.find(([least]) => rate >= least) ?? [1, "bit/s"];
  return `${Number((rate / size).toPrecision(3))} ${unit}`;
}

function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
