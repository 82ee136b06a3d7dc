import { KernelError } from "../../base/errno.js";
import { ms, type Nanoseconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { awaitShell, sleep, spawnAndWait } from "../../host/waits.js";
import type { PackageSource } from "./library/packages.js";
import { loadLibrary } from "./library.js";
import { packageText } from "./loader.js";

const NPM_VERSION = "11.6.2";

/** Time that npm takes to begin, and to fetch and unpack a package of the lab's registry. */
const STARTING: Nanoseconds = ms(180);
const FETCHING: Nanoseconds = ms(90);

type Manifest = {
  name?: string;
  version?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};

/** `npm`: install and ci with the packages of the lab's registry (ioredis and ws), start and run. */
export const npm: Program = function* (process) {
  yield* sleep(process, STARTING);
  const words = process.argv
    .slice(1)
    .filter(
      (word) =>
        !/^--(?:omit=dev|no-audit|no-fund|production|prefer-offline|no-update-notifier|silent|save|save-exact)$|^-[sSEP]$/.test(
          word,
        ),
    );
  const silent = process.argv.some((word) => word === "-s" || word === "--silent");
  const [command, ...rest] = words;
  const unknown = rest.find((word) => word.startsWith("-") && word !== "--");
  if (words.includes("-v") || words.includes("--version")) return say(process, `${NPM_VERSION}\n`);
  if (unknown !== undefined && command !== "run" && command !== "start")
    return refuse(process, `the option ${unknown} is not supported here`);
  switch (command) {
    case "install":
    case "i":
    case "add":
      return yield* install(process, rest, false);
    case "ci":
    case "clean-install":
      return yield* install(process, [], true);
    case "start":
      return yield* run(process, "start", rest, silent);
    case "test":
    case "t":
      return yield* run(process, "test", rest, silent);
    case "run":
    case "run-script":
      return yield* run(process, rest[0] ?? "", rest.slice(1), silent);
    case undefined:
      return refuse(process, "give a command: install, ci, start and run are supported here");
    default:
      return refuse(
        process,
        `the command "${command}" is not supported here: install, ci, start and run are`,
      );
  }
};

function say(process: Process, text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(process: Process, text: string): number {
  process.stderr.write(`npm error ${text}\n`);
  return 1;
}

/** The nearest package.json from here upwards; null when there is none. */
function findManifest(process: Process): { folder: string; manifest: Manifest } | null | "broken" {
  const parts = process.cwd.split("/").filter((part) => part !== "");
  for (let i = parts.length; i >= 0; i--) {
    const folder = `/${parts.slice(0, i).join("/")}`;
    const path = `${folder === "/" ? "" : folder}/package.json`;
    if (!process.files.exists(path)) continue;
    try {
      return { folder, manifest: JSON.parse(process.files.readText(path)) as Manifest };
    } catch {
      return "broken";
    }
  }
  return null;
}

function missingManifest(process: Process): number {
  const path = `${process.cwd === "/" ? "" : process.cwd}/package.json`;
  process.stderr.write(
    `npm error code ENOENT\nnpm error syscall open\nnpm error path ${path}\nnpm error errno -2\nnpm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'\nnpm error enoent This is related to npm not being able to find a file.\nnpm error enoent\n`,
  );
  return 254;
}

function* install(process: Process, names: readonly string[], clean: boolean): Steps {
  const found = findManifest(process);
  if (found === "broken")
    return refuse(process, "code EJSONPARSE\nnpm error JSON.parse Invalid package.json: it is no JSON");
  if (found === null && (names.length === 0 || clean)) return missingManifest(process);
  const folder = found?.folder ?? process.cwd;
  const manifest = found?.manifest ?? {};
  const lock = `${folder === "/" ? "" : folder}/package-lock.json`;
  if (clean && !process.files.exists(lock)) {
    process.stderr.write(
      "npm error code EUSAGE\nnpm error\nnpm error The `npm ci` command can only install with an existing package-lock.json or\nnpm error npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or\nnpm error later to generate a package-lock.json file, then try again.\nnpm error\nnpm error Clean install a project\nnpm error\nnpm error Usage:\nnpm error npm ci\n",
    );
    return 1;
  }
  const { packages } = yield* awaitShell(
    process,
    loadLibrary,
    () => null,
    () => {},
  );
  const dependencies = { ...manifest.dependencies };
  for (const name of names) {
    const [, bare = name, version] = /^(@?[^@]+)(?:@(.+))?$/.exec(name) ?? [];
    dependencies[bare] = version ?? `^${packages[bare]?.version ?? "latest"}`;
  }
  const wanted = Object.entries({
    ...dependencies,
    ...(process.env.get("NODE_ENV") === "production" ? {} : manifest.devDependencies),
  });
  for (const [name, range] of wanted) {
    const refusal = checkPackage(name, range, packages[name]);
    if (refusal !== null) return refuse(process, refusal);
  }
  const fresh: string[] = [];
  for (const [name] of wanted) {
    const target = `${folder === "/" ? "" : folder}/node_modules/${name}`;
    if (process.files.exists(`${target}/package.json`)) continue;
    yield* sleep(process, FETCHING);
    unpack(process, target, name, packages[name]!);
    fresh.push(name);
  }
  if (names.length > 0)
    process.files.write(
      `${folder === "/" ? "" : folder}/package.json`,
      `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`,
    );
  writeLock(process, lock, manifest, wanted, packages);
  const count = fresh.length;
  const all = wanted.length;
  const what = count > 0 ? `added ${count} package${count === 1 ? "" : "s"}` : "up to date";
  process.stdout.write(
    `\n${what}, and audited ${all + 1} package${all === 0 ? "" : "s"} in ${Math.round((STARTING + count * FETCHING) / 1e6)}ms\n\nfound 0 vulnerabilities\n`,
  );
  return 0;
}

/** Why a package cannot be installed; null when it can. */
function checkPackage(name: string, range: string, source: PackageSource | undefined): string | null {
  if (source === undefined || source.kind !== "npm")
    return `code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/${name} - Not found\nnpm error 404\nnpm error 404  '${name}@${range}' is not in this registry: the lab has no Internet, and its registry has ioredis and ws.\nnpm error 404\nnpm error 404 Note that you can also install from a\nnpm error 404 tarball, folder, http url, or git folder.`;
  const [major, minor] = source.version.split(".");
  const fits = new RegExp(
    `^(?:latest|\\*|x|>=\\d.*|[\\^~]?${major}(?:\\.(?:x|\\d+)(?:\\.(?:x|\\d+))?)?)$`,
  ).test(range.trim());
  const exact = /^\d+\.\d+\.\d+$/.test(range) && range !== source.version;
  const tilde = range.startsWith("~") && !range.startsWith(`~${major}.${minor}`);
  if (fits && !exact && !tilde) return null;
  return `code ETARGET\nnpm error notarget No matching version found for ${name}@${range}.\nnpm error notarget In most cases you or one of your dependencies are requesting\nnpm error notarget a package version that doesn't exist.`;
}

function unpack({ files }: Process, target: string, name: string, source: PackageSource): void {
  const { version, description, main, license } = source;
  const folder = main.includes("/") ? `${target}/${main.slice(0, main.lastIndexOf("/"))}` : target;
  files.mkdir(folder, { recursive: true });
  files.write(
    `${target}/package.json`,
    `${JSON.stringify({ name, version, description, main, license }, null, 2)}\n`,
  );
  files.write(`${target}/${main}`, packageText(source));
}

function writeLock(
  { files }: Process,
  path: string,
  manifest: Manifest,
  wanted: readonly [string, string][],
  packages: Readonly<Record<string, PackageSource>>,
): void {
  const { name, version, dependencies } = manifest;
  const entries = wanted.map(([one]): [string, object] => {
    const source = packages[one]!;
    return [
      `node_modules/${one}`,
      {
        version: source.version,
        resolved: `https://registry.npmjs.org/${one}/-/${one}-${source.version}.tgz`,
        license: source.license,
      },
    ];
  });
  const lock = {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { "": { name, version, dependencies }, ...Object.fromEntries(entries) },
  };
  try {
    files.write(path, `${JSON.stringify(lock, null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}

function* run(process: Process, script: string, words: readonly string[], silent: boolean): Steps {
  const found = findManifest(process);
  if (found === null) return missingManifest(process);
  if (found === "broken")
    return refuse(process, "code EJSONPARSE\nnpm error JSON.parse Invalid package.json: it is no JSON");
  const { folder, manifest } = found;
  const line =
    manifest.scripts?.[script] ??
    (script === "start" && process.files.exists(`${folder}/server.js`) ? "node server.js" : undefined);
  if (line === undefined) {
    process.stderr.write(
      `npm error Missing script: "${script}"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run\n`,
    );
    return 1;
  }
  const rest = words.filter((word) => word !== "--");
  const full = [
    line,
    ...rest.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`)),
  ].join(" ");
  if (!silent)
    process.stdout.write(
      `\n> ${manifest.name ?? ""}${manifest.version === undefined ? "" : `@${manifest.version}`} ${script}\n> ${full}\n\n`,
    );
  const { stdout, stderr, stdin, env } = process;
  return yield* spawnAndWait(process, { argv: ["sh", "-c", full], cwd: folder, stdout, stderr, stdin, env });
}
