import { spawnSync } from "node:child_process";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve, sep } from "node:path";
import { projectFolder } from "./folders.js";

/** The JupyterLab that an own environment gets. */
export const JUPYTERLAB_VERSION = "4.6.6";

/** Python's Plotly brings the renderer that draws plots in JupyterLab; without it they are pictures. */
const PLOTLY_VERSION = "7.1.0";

/** A Python environment with JupyterLab. */
export interface JupyterEnvironment {
  /** Its folder, `sys.prefix` of its Python. */
  readonly prefix: string;
  readonly python: string;
  /** Whether this program made it: then nothing outside its folder is written. */
  readonly own: boolean;
}

/** Where the own environment is: HOPBOOK_JUPYTER, or the user's folder for what can be made again (XDG_CACHE_HOME). */
export function ownEnvironmentFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.HOPBOOK_JUPYTER) return resolve(environment.HOPBOOK_JUPYTER);
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME ?? homedir(), ".cache");
  return join(cache, "hopbook", `jupyterlab-${JUPYTERLAB_VERSION}`);
}

/** The own environment, made when there is none. Half an environment is never left behind. */
export function ownEnvironment(
  tell: (line: string) => void,
  python = "python3",
  prefix = ownEnvironmentFolder(),
): JupyterEnvironment {
  const environment = { prefix, python: pythonOf(prefix), own: true };
  if (existsSync(completeFile(prefix))) return environment;
  if (existsSync(prefix))
    throw new Error(
      `${prefix} is there and not complete: remove it, or name another folder in HOPBOOK_JUPYTER`,
    );
  tell(`Installing JupyterLab ${JUPYTERLAB_VERSION} into ${prefix}; this happens once and takes a minute.`);
  try {
    makeEnvironment(prefix, python);
  } catch (error) {
    rmSync(prefix, { recursive: true, force: true });
    throw error;
  }
  return environment;
}

function makeEnvironment(prefix: string, python: string): void {
  const venv = spawnSync(python, ["-m", "venv", prefix], { encoding: "utf8" });
  if (venv.error)
    throw new Error(
      `JupyterLab needs Python 3: there is no ${python} here (on Debian: apt install python3-venv)`,
    );
  if (venv.status !== 0)
    throw new Error(
      `${python} cannot make an environment (on Debian: apt install python3-venv): ${lastLine(venv)}`,
    );
  const packages = [`jupyterlab==${JUPYTERLAB_VERSION}`, `plotly==${PLOTLY_VERSION}`];
  const pip = spawnSync(
    pythonOf(prefix),
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", ...packages],
    { encoding: "utf8" },
  );
  if (pip.status !== 0)
    throw new Error(
      `JupyterLab ${JUPYTERLAB_VERSION} did not come from PyPI; is there a network? pip says: ${lastLine(pip)}`,
    );
  writeFileSync(completeFile(prefix), "");
}

/** Written last: without it the environment is half made. */
const completeFile = (prefix: string): string => join(prefix, "hopbook-complete");

/** The environment that the reader names: its folder, or its Python. */
export function existingEnvironment(path: string): JupyterEnvironment {
  if (!existsSync(path)) throw new Error(`--existing: there is no ${path}`);
  const python = statSync(path).isDirectory() ? pythonOf(resolve(path)) : resolve(path);
  if (!existsSync(python))
    throw new Error(`--existing: ${path} is no Python environment: it has no ${python}`);
  const asked = spawnSync(
    python,
    ["-c", "import sys, jupyterlab; print(sys.prefix); print(jupyterlab.__version__)"],
    {
      encoding: "utf8",
    },
  );
  const [prefix, version] = (asked.stdout ?? "").trim().split("\n");
  if (asked.status !== 0 || !prefix || !version)
    throw new Error(`--existing: ${path} has no JupyterLab (pip install jupyterlab==${JUPYTERLAB_VERSION})`);
  if (Number.parseInt(version, 10) < 4)
    throw new Error(`--existing: ${path} has JupyterLab ${version}; the notebooks need 4 or newer`);
  standApart(prefix);
  return { prefix, python, own: false };
}

/**
 * JupyterLab runs a CommonJS program of its own to read yarn's settings. Within a folder whose package.json says `"type": "module"`, as this project's does,
 * Node refuses that program, and JupyterLab prints all of it. A package.json of the environment's own ends the search.
 */
function standApart(prefix: string): void {
  const file = join(prefix, "package.json");
  if (`${prefix}${sep}`.startsWith(`${projectFolder(prefix)}${sep}`) && !existsSync(file))
    writeFileSync(file, '{ "type": "commonjs" }\n');
}

function pythonOf(prefix: string): string {
  return process.platform === "win32" ? join(prefix, "Scripts/python.exe") : join(prefix, "bin/python");
}

/** What a program said last, which is where Python's programs put the reason. */
function lastLine({
  stdout,
  stderr,
}: {
  readonly stdout?: string | null;
  readonly stderr?: string | null;
}): string {
  const lines = `${stdout ?? ""}\n${stderr ?? ""}`.split("\n").filter((line) => line.trim() !== "");
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "nothing").trim();
}
