import type { Program } from "../../host/process.js";
import { ToolExit, tool } from "../tool-exit.js";
import { ALPINE_PACKAGES, type Package } from "./catalogue.js";

const MIRROR = "https://dl-cdn.alpinelinux.org/alpine/v3.20";
const WORLD = "/etc/apk/world";
/** What Alpine's image has from the start. */
const BASE_PACKAGES = 14;
const BASE_SIZE = 7_800_000;

/**
 * `apk add [--no-cache] NAME…`, `apk update`, `apk del`, `apk info`: the texts of apk-tools 2.14. The packages are the lab's own; nothing is
 * fetched, whatever network the container has.
 */
export const apk: Program = tool((process) => {
  const words = process.argv
    .slice(1)
    .filter((word) => !/^(--no-cache|-U|--update|-q|--quiet|--update-cache)$/.test(word));
  const [applet, ...names] = words;
  const unknown = words.find((word) => word.startsWith("-"));
  if (unknown !== undefined) throw new ToolExit(1, `apk: option ${unknown} is not supported here\n`);
  const installed = readWorld(process.files.exists(WORLD) ? process.files.readText(WORLD) : "");
  if (applet === "info") return say(process.stdout, installed.map((each) => `${each.name}\n`).join(""));
  if (applet === "update" || applet === "add")
    process.stdout.write(
      `fetch ${MIRROR}/main/x86_64/APKINDEX.tar.gz\nfetch ${MIRROR}/community/x86_64/APKINDEX.tar.gz\n`,
    );
  if (applet === "update")
    return say(
      process.stdout,
      `v3.20.3-170-g1a4dc8b [${MIRROR}/main]\nv3.20.3-171-g5a1cee6 [${MIRROR}/community]\nOK: 24168 distinct packages available\n`,
    );
  if (applet !== "add" && applet !== "del")
    throw new ToolExit(1, `apk: applet ${applet ?? ""} is not supported here\n`);
  const wanted = names.map((name) => ALPINE_PACKAGES.find((each) => each.name === name) ?? name);
  const missing = wanted.filter((each): each is string => typeof each === "string");
  if (applet === "add" && missing.length > 0) {
    const lines = missing
      .map((name) => `  ${name} (no such package):\n    required by: world[${name}]\n`)
      .join("");
    throw new ToolExit(missing.length, `ERROR: unable to select packages:\n${lines}`);
  }
  const packages = wanted.filter((each): each is Package => typeof each !== "string");
  const after =
    applet === "add"
      ? [...new Set([...installed, ...packages])]
      : installed.filter((each) => !packages.includes(each));
  process.stdout.write(
    applet === "add"
      ? steps("Installing", missingSteps(installed, packages))
      : steps("Purging", packages.filter((each) => installed.includes(each)).map(ownStep)),
  );
  if (applet === "add") process.stdout.write("Executing busybox-1.36.1-r29.trigger\n");
  for (const each of packages)
    for (const [name, program] of each.programs)
      if (applet === "add") process.programs.set(name, program);
      else process.programs.delete(name);
  process.files.mkdir("/etc/apk", { recursive: true });
  process.files.write(WORLD, after.map((each) => `${each.name}\n`).join(""));
  const size = BASE_SIZE + after.reduce((sum, each) => sum + each.size, 0);
  const count =
    BASE_PACKAGES + new Set(after.flatMap((each) => [each.name, ...each.needs.map(([name]) => name)])).size;
  return say(process.stdout, `OK: ${Math.round(size / 2 ** 20)} MiB in ${count} packages\n`);
});

function say(output: { write(text: string): void }, text: string): number {
  output.write(text);
  return 0;
}

function readWorld(text: string): Package[] {
  return ALPINE_PACKAGES.filter((each) => text.split("\n").includes(each.name));
}

type Step = readonly [name: string, version: string];

function ownStep(each: Package): Step {
  return [each.name, each.version];
}

function missingSteps(installed: readonly Package[], packages: readonly Package[]): Step[] {
  const have = new Set(installed.flatMap((each) => [each.name, ...each.needs.map(([name]) => name)]));
  const all = packages
    .filter((each) => !have.has(each.name))
    .flatMap((each) => [...each.needs, ownStep(each)]);
  return all.filter(([name], i) => !have.has(name) && all.findIndex(([other]) => other === name) === i);
}

function steps(verb: string, list: readonly Step[]): string {
  return list
    .map(([name, version], i) => `(${i + 1}/${list.length}) ${verb} ${name} (${version})\n`)
    .join("");
}
