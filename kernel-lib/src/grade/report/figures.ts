import { Figure } from "../../plot/figure.js";
import { GRID, loadLayout } from "../../plot/load-layout.js";
import { PALETTE } from "../../plot/palette.js";
import type { CheckCount } from "./statistics.js";

/** More bars than this and neighbouring numbers of points share one. */
const MOST_BARS = 21;
/** Checks in the picture; the table has all. */
const MOST_CHECKS = 12;

/** How many students have how many points. */
export function distribution(points: readonly number[], maxPoints: number): Figure {
  const width = Math.max(1, Math.ceil((maxPoints + 1) / MOST_BARS));
  const count = Math.floor(maxPoints / width) + 1;
  const bars = Array.from({ length: count }, () => 0);
  for (const each of points) bars[Math.min(count - 1, Math.floor(each / width))]! += 1;
  const names = bars.map((_, i) =>
    width === 1 ? `${i * width}` : `${i * width}–${Math.min(maxPoints, (i + 1) * width - 1)}`,
  );
  const told = bars.flatMap((students, i) => (students === 0 ? [] : [`${names[i]}: ${students}`]));
  return new Figure(
    {
      data: [
        {
          type: "bar",
          x: names,
          y: bars,
          marker: { color: PALETTE[0] },
          text: bars.map((n) => (n === 0 ? "" : `${n}`)),
          textposition: "outside",
          cliponaxis: false,
        },
      ],
      layout: {
        ...loadLayout("Points", { width: 680, height: 340 }),
        bargap: 0.15,
        showlegend: false,
        xaxis: { type: "category", title: { text: "points" } },
        yaxis: { title: { text: "students" }, rangemode: "tozero", gridcolor: GRID },
      },
    },
    `Students by points. ${told.join(", ")}.`,
  );
}

/** The checks that most students missed. */
export function missedChecks(checks: readonly CheckCount[]): Figure {
  const shown = checks.slice(0, MOST_CHECKS).reverse();
  const share = ({ missed, asked }: CheckCount): number => Math.round((missed / asked) * 100);
  const name = ({ title }: CheckCount): string => (title.length > 44 ? `${title.slice(0, 43)}…` : title);
  return new Figure(
    {
      data: [
        {
          type: "bar",
          orientation: "h",
          y: shown.map((_, i) => i),
          x: shown.map(share),
          text: shown.map(({ missed, asked }) => `${missed} of ${asked}`),
          textposition: "outside",
          cliponaxis: false,
          marker: { color: PALETTE[1] },
        },
      ],
      layout: {
        ...loadLayout("Checks missed", { width: 680, height: 130 + shown.length * 28, left: 300 }),
        showlegend: false,
        xaxis: {
          title: { text: "% of students" },
          range: [0, 115],
          tickvals: [0, 25, 50, 75, 100],
          gridcolor: GRID,
        },
        yaxis: { tickvals: shown.map((_, i) => i), ticktext: shown.map(name) },
      },
    },
    `The most missed checks. ${checks
      .slice(0, MOST_CHECKS)
      .map((check) => `${check.title}: ${share(check)} %`)
      .join(", ")}.`,
  );
}
