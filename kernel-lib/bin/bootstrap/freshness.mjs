import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** When a file was last changed, in milliseconds; 0 when it is not there. */
function changed(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** The latest change in a folder, or of a file. */
function latest(path) {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return changed(path);
  const files = readdirSync(path, { recursive: true, encoding: "utf8" });
  return files.reduce((time, file) => Math.max(time, changed(join(path, file))), changed(path));
}

/**
 * Why packages must be installed; null when they need not. npm writes `.package-lock.json` when it has installed everything, and links
 * the workspace's package last.
 * @param {string} root
 */
export function installReason(root) {
  const installed = changed(join(root, "node_modules/.package-lock.json"));
  if (installed === 0) return "the packages are not installed";
  if (!existsSync(join(root, "node_modules/hopbook/package.json")))
    return "the library is not linked into node_modules";
  if (changed(join(root, "package-lock.json")) > installed) return "package-lock.json has changed";
  return null;
}

/**
 * Why the library must be built; null when it need not. The stamp is written when a build has succeeded.
 * @param {string} root
 */
export function buildReason(root) {
  const built = changed(join(root, "kernel-lib/dist/.built"));
  if (built === 0) return "the library is not built";
  const inputs = [
    "kernel-lib/src",
    "kernel-lib/tsconfig.json",
    "tsconfig.json",
    "assets",
    "chapters/05-chat/app",
    "package-lock.json",
  ];
  const newer = inputs.find((input) => latest(join(root, input)) > built);
  return newer === undefined ? null : `${newer} has changed`;
}
