import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The name under which Jupyter finds the kernel (`jupyter execute --kernel_name hopbook`). */
export const KERNEL_NAME = "hopbook";
export const KERNEL_DISPLAY_NAME = "TypeScript (Hopbook)";

/** `kernel.json`, as Jupyter reads it (jupyter_client, "Kernel specs"). */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal" | "message";
  readonly metadata: Record<string, unknown>;
}

/** The program that a kernelspec starts, in the folder of this package. */
const LAUNCHER = fileURLToPath(new URL("../../bin/kernel.mjs", import.meta.url));

/**
 * The kernelspec for a folder. Its path to the launcher is relative to `{resource_dir}`, which Jupyter fills in, so a tree
 * that holds both the folder and the package can be moved. The flag lets Node live on when a loop inside a timer's callback was
 * broken off, which its book-keeping of asynchronous calls would take for a fault.
 */
export function kernelspecFor(resourceDir: string): Kernelspec {
  const path = relative(resourceDir, LAUNCHER).split(sep).join("/");
  return {
    argv: ["node", "--no-force-async-hooks-checks", `{resource_dir}/${path}`, "{connection_file}"],
    display_name: KERNEL_DISPLAY_NAME,
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { debugger: false },
  };
}

/** The command of a kernelspec with its placeholders filled. `node` becomes the Node that runs now. */
export function kernelCommand(spec: Kernelspec, resourceDir: string, connectionFile: string): string[] {
  return spec.argv.map((word) =>
    word === "node"
      ? process.execPath
      : word.replaceAll("{resource_dir}", resourceDir).replaceAll("{connection_file}", connectionFile),
  );
}

export interface KernelInstallOptions {
  /** Installs into `PREFIX/share/jupyter/kernels`, as for a Python environment. */
  readonly prefix?: string | undefined;
  /** Installs into this Jupyter data folder (`DIR/kernels`), for JUPYTER_PATH. */
  readonly path?: string | undefined;
}

/**
 * Writes the kernelspec where Jupyter looks for it, by default into the reader's own data folder, and returns the kernelspec's
 * folder: `hopbook kernel install`. An earlier one is replaced.
 */
export function kernelInstall(options: KernelInstallOptions = {}): string {
  if (options.prefix !== undefined && options.path !== undefined)
    throw new Error("give either a prefix or a path, not both");
  const data =
    options.path ?? (options.prefix === undefined ? userDataDir() : join(options.prefix, "share", "jupyter"));
  const folder = join(resolve(data), "kernels", KERNEL_NAME);
  if (!existsSync(LAUNCHER)) throw new Error(`the package is not complete: ${LAUNCHER} is missing`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelspecFor(folder), null, 2)}\n`);
  writeFileSync(join(folder, "logo-svg.svg"), LOGO);
  return folder;
}

/** The data folders that Jupyter searches for kernels, in its order (`jupyter --paths`), the reader's own included. */
export function jupyterDataDirs(environment: NodeJS.ProcessEnv = process.env): string[] {
  const given = (environment.JUPYTER_PATH ?? "").split(delimiter).filter((path) => path !== "");
  return [...given, userDataDir(environment), "/usr/local/share/jupyter", "/usr/share/jupyter"];
}

/** The folder of an installed kernelspec; null when Jupyter would not find it. */
export function findKernelspec(environment: NodeJS.ProcessEnv = process.env): string | null {
  const folders = jupyterDataDirs(environment).map((path) => join(path, "kernels", KERNEL_NAME));
  return folders.find((folder) => existsSync(join(folder, "kernel.json"))) ?? null;
}

/** Jupyter's data folder of the user: JUPYTER_DATA_DIR, or the platform's own place (jupyter_core.paths). */
export function userDataDir(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.JUPYTER_DATA_DIR) return environment.JUPYTER_DATA_DIR;
  const home = environment.HOME ?? homedir();
  if (process.platform === "darwin") return join(home, "Library", "Jupyter");
  if (process.platform === "win32")
    return join(environment.APPDATA ?? join(home, "AppData", "Roaming"), "jupyter");
  return join(environment.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** The folder from which the client starts the kernel when none is installed. */
export const PACKAGE_RESOURCE_DIR = dirname(LAUNCHER);

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="Hopbook">
<rect width="64" height="64" rx="10" fill="#1f4e79"/>
<path d="M12 44 Q22 16 32 40 T52 24" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/>
<circle cx="12" cy="44" r="5" fill="#fff"/><circle cx="32" cy="40" r="5" fill="#8fc7ff"/><circle cx="52" cy="24" r="5" fill="#fff"/>
</svg>
`;
