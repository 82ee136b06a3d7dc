import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join, resolve } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { kernelInstall } from "../jupyter/kernelspec.js";
import { projectFolder } from "./folders.js";
import { existingEnvironment, type JupyterEnvironment, ownEnvironment } from "./jupyter-environment.js";

/** Jupyter's own port, and how many behind it are tried. */
const FIRST_PORT = 8888;
const PORTS = 50;
/** A busy machine takes half a minute to load Python's modules the first time. */
const START_SECONDS = 90;

export interface JupyterOptions {
  readonly folder?: string;
  readonly port?: number;
  readonly browser: boolean;
  readonly existing?: string;
  readonly tell: (line: string) => void;
}

export interface RunningJupyter {
  /** Opens the first notebook; holds the token. */
  readonly address: string;
  /** Ends the server and its kernels. */
  readonly stop: () => void;
  /** Its exit status, 0 when it was stopped. */
  readonly ended: Promise<number>;
}

/** Starts a JupyterLab server on the notebooks of a folder, with the kernel in its environment and the notebooks trusted. */
export async function startJupyter(options: JupyterOptions): Promise<RunningJupyter> {
  const folder = resolve(options.folder ?? join(projectFolder(), "notebooks"));
  const notebooks = notebooksOf(folder);
  const port = options.port ?? (await freePort());
  if (!(await isFree(port))) throw new Error(`port ${port} is taken`);
  const environment =
    options.existing === undefined ? ownEnvironment(options.tell) : existingEnvironment(options.existing);
  kernelInstall({ prefix: environment.prefix });
  const token = randomBytes(24).toString("hex");
  const env = { ...variables(environment), JUPYTER_TOKEN: token };
  trust(environment, notebooks, env);
  const first = notebooks[0]!.slice(folder.length + 1);
  const address = `http://127.0.0.1:${port}/lab/tree/${encodeURIComponent(first)}?token=${token}`;
  const words = serverWords({ folder, first, port, browser: options.browser });
  // A group of its own: Ctrl-C in the terminal reaches this program only, which then ends the server without its question.
  const server = spawn(environment.python, words, {
    env,
    cwd: folder,
    detached: true,
    stdio: ["ignore", 2, 2],
  });
  return waitFor(server, port, address);
}

/** The notebooks of a folder, by name. */
function notebooksOf(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  if (names.length === 0)
    throw new Error(`${folder} has no notebook: \`hopbook book\` makes those of the chapters`);
  return names.sort().map((name) => join(folder, name));
}

/** What JupyterLab gets from this package: its first settings (`labconfig`) and an extension. Built, and in the sources. */
function jupyterAssets(): string {
  const folder = ["../assets/jupyterlab", "../../../assets/jupyterlab"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (folder === undefined) throw new Error("the package's assets are missing; build the library again");
  return folder;
}

function serverWords(choice: { folder: string; first: string; port: number; browser: boolean }): string[] {
  return [
    ...["-m", "jupyterlab", "--Application.log_level=WARN", "--ServerApp.answer_yes=True"],
    ...["--ServerApp.ip=127.0.0.1", `--ServerApp.port=${choice.port}`, "--ServerApp.port_retries=0"],
    `--ServerApp.root_dir=${choice.folder}`,
    `--LabApp.default_url=/lab/tree/${encodeURIComponent(choice.first)}`,
    // No question about news at the first start, and no request to another host.
    ...["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
    `--LabServerApp.extra_labextensions_path=${join(jupyterAssets(), "labextensions")}`,
    ...(choice.browser ? [] : ["--no-browser"]),
    // Jupyter refuses to run as root unless told.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}

/**
 * The server's variables. An own environment keeps signatures, settings and connection files in its folder, so the reader's own
 * Jupyter stays as it is. JUPYTER_CONFIG_PATH brings the first settings, which the reader's choices replace. The kernel must find the Node that runs now.
 */
function variables({ prefix, python, own }: JupyterEnvironment): NodeJS.ProcessEnv {
  const PATH = [dirname(python), dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);
  const configs = [jupyterAssets(), process.env.JUPYTER_CONFIG_PATH ?? ""].filter((path) => path !== "");
  const common = { ...process.env, PATH, JUPYTER_CONFIG_PATH: configs.join(delimiter) };
  if (!own) return common;
  const folders = {
    JUPYTER_CONFIG_DIR: join(prefix, "reader/config"),
    JUPYTER_DATA_DIR: join(prefix, "reader/data"),
    JUPYTER_RUNTIME_DIR: join(prefix, "reader/runtime"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return { ...common, ...folders };
}

/** Trusts the notebooks: otherwise JupyterLab shows no SVG and runs no script of a stored output. */
function trust({ python }: JupyterEnvironment, notebooks: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stderr } = spawnSync(python, ["-m", "nbformat.sign", ...notebooks], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the notebooks could not be trusted: ${(stderr ?? "").trim()}`);
}

async function waitFor(server: ChildProcess, port: number, address: string): Promise<RunningJupyter> {
  let stopped = false;
  const stop = () => {
    stopped = true;
    server.kill("SIGTERM");
  };
  const ended = new Promise<number>((done) => {
    server.on("error", () => done(127));
    server.on("exit", (code) => done(stopped ? 0 : (code ?? 1)));
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (let tries = 0; tries < START_SECONDS * 4; tries++) {
    if (over) throw new Error(`JupyterLab did not start (status ${await ended})`);
    const answer = await fetch(`http://127.0.0.1:${port}/api`).catch(() => null);
    if (answer?.ok) return { address, stop, ended };
    await later(250);
  }
  stop();
  throw new Error(`JupyterLab did not answer within ${START_SECONDS} s`);
}

async function freePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) if (await isFree(port)) return port;
  throw new Error(`no port from ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is free: give one with --port`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}
