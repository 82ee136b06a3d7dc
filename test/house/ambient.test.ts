import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const source = fileURLToPath(new URL("../../kernel-lib/src/", import.meta.url));
const PROGRAMS = /^(gateway|book|jupyter|grade|live|cli)\//;
/** The one place that sets such a function instead of calling it: Plotly, in a window of its own, is given seeded chance. */
const SEEDED = "plot/draw-svg.ts";
/** Here programs of a lab get functions of these names, on the lab's clock and chance. */
const GIVEN = /^(apps\/node\/|sim\/real-turn\.ts$)/;
const AMBIENT =
  /\b(Date\.now|Math\.random|setTimeout|setInterval|setImmediate|performance\.now)\b|new Date\(\)/;

it("time and chance are arguments below the programs", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (path) =>
      path.endsWith(".ts") &&
      !/\.(test|bench)\.ts$/.test(path) &&
      !PROGRAMS.test(path) &&
      path !== SEEDED &&
      !GIVEN.test(path),
  );
  const wrong = files.flatMap((path) =>
    readFileSync(source + path, "utf8")
      .split("\n")
      .flatMap((line, i) =>
        AMBIENT.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [],
      ),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
});
