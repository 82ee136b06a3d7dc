import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { beforeAll, describe, expect, it } from "vitest";

/** The house, lowest floor first: a folder imports only from floors below it. */
const FLOORS = [
  ["base"],
  ["sim"],
  ["wire"],
  ["trace"],
  ["link"],
  ["route"],
  ["netfilter"],
  ["ipvs"],
  ["socket"],
  ["stack"],
  ["host"],
  ["tools"],
  ["apps"],
  ["docker"],
  ["swarm"],
  ["lab"],
  ["plot"],
  ["book", "jupyter", "gateway"],
  ["live"],
  ["grade"],
  ["cli"],
];

/** Folders that run in Node only; everything below also runs in a browser. */
const NODE_FLOORS = new Set(["book", "jupyter", "grade", "gateway", "cli"]);

const source = "kernel-lib/src";
const root = fileURLToPath(new URL("../..", import.meta.url));

function floorOf(path: string): { folder: string; level: number } | null {
  const folder = new RegExp(`^${source}/([^/]+)/`).exec(path)?.[1];
  if (folder === undefined) return null;
  const level = FLOORS.findIndex((floor) => floor.includes(folder));
  if (level < 0) throw new Error(`${path}: the folder "${folder}" has no floor`);
  return { folder, level };
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly core: boolean;
}

describe("the floors", () => {
  let imports: Import[] = [];
  let cycles: string[] = [];

  beforeAll(async () => {
    const { output } = await cruise([source], {
      baseDir: root,
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
      exclude: { path: "dist/|\\.d\\.ts$" },
      ruleSet: {
        forbidden: [
          {
            name: "no-cycle",
            severity: "error",
            from: {},
            to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
          },
        ],
      },
      validate: true,
    });
    const { modules, summary } = output as ICruiseResult;
    imports = modules
      .filter((module) => module.source.startsWith(source) && !/\.(test|bench)\.ts$/.test(module.source))
      .flatMap((module) =>
        module.dependencies.map((to) => ({
          from: module.source,
          to: to.resolved,
          core: to.coreModule && !to.dependencyTypes.includes("type-only"),
        })),
      );
    cycles = summary.violations
      .filter((violation) => !violation.from.startsWith(`${source}/stack/`))
      .map((violation) => `${violation.from} → ${violation.to}`);
  });

  it("are read at all", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it("import downward only", () => {
    const wrong = imports.filter(({ from, to }) => {
      const here = floorOf(from);
      const there = floorOf(to);
      return here !== null && there !== null && here.folder !== there.folder && there.level >= here.level;
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it("use Node's own modules only in the programs on top", () => {
    const wrong = imports.filter(({ from, core }) => core && !NODE_FLOORS.has(floorOf(from)?.folder ?? ""));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  // Within stack/ files call each other in rings: an ICMP error about a packet is a packet, and what it sends may come back by loopback.
  it("have no cycles, but within stack/", () => {
    expect(cycles).toEqual([]);
  });
});
