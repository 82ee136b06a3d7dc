import type { Program } from "../../host/process.js";
import { ToolExit, tool } from "../tool-exit.js";
import { DEBIAN_PACKAGES, type Package } from "./catalogue.js";

/** `apt-get update`, `apt-get install [-y] NAME…`: the usual texts; the packages are the lab's own, nothing is fetched. */
export const aptGet: Program = tool((process) => {
  const words = process.argv
    .slice(1)
    .filter((word) => !/^(-y|--yes|-q|-qq|--no-install-recommends)$/.test(word));
  const [command, ...names] = words;
  const unknown = words.find((word) => word.startsWith("-"));
  if (unknown !== undefined)
    throw new ToolExit(100, `E: Command line option ${unknown} is not supported here\n`);
  if (command === "update") {
    process.stdout.write(
      "Hit:1 http://deb.debian.org/debian bookworm InRelease\nHit:2 http://deb.debian.org/debian bookworm-updates InRelease\nHit:3 http://deb.debian.org/debian-security bookworm-security InRelease\nReading package lists... Done\n",
    );
    return 0;
  }
  if (command !== "install")
    throw new ToolExit(
      100,
      command === undefined
        ? "apt 2.6.1 (amd64)\nUsage: apt-get [options] command\n"
        : `E: Invalid operation ${command}\n`,
    );
  process.stdout.write(
    "Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n",
  );
  const wanted = names.map((name) => DEBIAN_PACKAGES.find((each) => each.name === name) ?? name);
  const missing = wanted.filter((each): each is string => typeof each === "string");
  if (missing.length > 0)
    throw new ToolExit(100, missing.map((name) => `E: Unable to locate package ${name}\n`).join(""));
  const packages = wanted.filter((each): each is Package => typeof each !== "string");
  const fresh = packages.filter((each) => each.programs.some(([name]) => !process.programs.has(name)));
  for (const each of packages)
    if (!fresh.includes(each))
      process.stdout.write(`${each.name} is already the newest version (${each.version}).\n`);
  process.stdout.write(
    fresh.length === 0
      ? "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
      : installText(fresh),
  );
  for (const each of fresh) for (const [name, program] of each.programs) process.programs.set(name, program);
  return 0;
});

function installText(fresh: readonly Package[]): string {
  const all = fresh.flatMap((each) => [...each.needs, [each.name, each.version] as const]);
  const names = [...new Set(all.map(([name]) => name))].sort();
  const size = Math.round(fresh.reduce((sum, each) => sum + each.size, 0) / 1000);
  return [
    `The following NEW packages will be installed:\n  ${names.join(" ")}`,
    `0 upgraded, ${names.length} newly installed, 0 to remove and 0 not upgraded.`,
    `After this operation, ${size.toLocaleString("en-US")} kB of additional disk space will be used.`,
    ...all.map(([name, version]) => `Unpacking ${name} (${version}) ...`),
    ...all.map(([name, version]) => `Setting up ${name} (${version}) ...`),
    "",
  ].join("\n");
}
