import type { Process, Program } from "../../host/process.js";
import { errnoText, ToolExit, tool } from "../tool-exit.js";
import { type Dialect, missingOperand, options } from "./dialect.js";
import { removeTree } from "./remove-tree.js";

/** The text of a refusal: GNU quotes mkdir's and ln's names as the locale does. */
type Refusal = (path: string, why: string) => string;

function each(
  process: Process,
  paths: readonly string[],
  act: (path: string) => void,
  refusal: Refusal,
): number {
  let status = 0;
  for (const path of paths) {
    try {
      act(path);
    } catch (error) {
      process.stderr.write(`${refusal(path, errnoText(error))}\n`);
      status = 1;
    }
  }
  return status;
}

/** `mkdir [-p] DIRECTORY…`. */
export function mkdir(dialect: Dialect): Program {
  return tool((process) => {
    const { has, operands } = options(process, "mkdir", "pvm:", dialect, { parents: "p" });
    if (operands.length === 0) throw missingOperand("mkdir", dialect);
    return each(
      process,
      operands,
      (path) => process.files.mkdir(path, { recursive: has("p") }),
      (path, why) =>
        dialect === "busybox"
          ? `mkdir: can't create directory '${path}': ${why}`
          : `mkdir: cannot create directory ‘${path}’: ${why}`,
    );
  });
}

/** `rmdir DIRECTORY…`. */
export function rmdir(dialect: Dialect): Program {
  return tool((process) => {
    const { operands } = options(process, "rmdir", "", dialect);
    if (operands.length === 0) throw missingOperand("rmdir", dialect);
    return each(
      process,
      operands,
      (path) => process.files.rmdir(path),
      (path, why) =>
        dialect === "busybox" ? `rmdir: '${path}': ${why}` : `rmdir: failed to remove '${path}': ${why}`,
    );
  });
}

/** `rm [-rf] FILE…`. */
export function rm(dialect: Dialect): Program {
  return tool((process) => {
    const { has, operands } = options(process, "rm", "rRfv", dialect, { recursive: "r", force: "f" });
    if (operands.length === 0 && has("f")) return 0;
    if (operands.length === 0) throw missingOperand("rm", dialect);
    return each(
      process,
      operands,
      (path) => removeTree(process.files, path, has("r") || has("R"), has("f")),
      (path, why) =>
        dialect === "busybox"
          ? why === "Is a directory"
            ? `rm: '${path}' is a directory`
            : `rm: can't remove '${path}': ${why}`
          : `rm: cannot remove '${path}': ${why}`,
    );
  });
}

/** `ln [-sfn] TARGET [NAME]`: NAME may be a directory; without it the link has TARGET's last part. */
export function ln(dialect: Dialect): Program {
  return tool((process) => {
    const { has, operands } = options(process, "ln", "sfnvT", dialect, {
      symbolic: "s",
      force: "f",
      "no-dereference": "n",
    });
    if (operands.length === 0) throw missingOperand("ln", dialect, "file operand");
    const [target = "", given] = operands;
    if (operands.length > 2) throw new ToolExit(1, `ln: more than one target is not supported here\n`);
    const { files } = process;
    const last = target.replace(/\/+$/, "").split("/").at(-1)!;
    let path = given ?? last;
    const isFolder = () =>
      files.exists(path) &&
      files.stat(path).type === "directory" &&
      !(has("n") && files.lstat(path).type === "symlink");
    if (!has("T") && isFolder()) path = `${path.replace(/\/$/, "")}/${last}`;
    const kind = has("s") ? "symbolic" : "hard";
    return each(
      process,
      [path],
      () => {
        if (has("f") && entryExists(files, path)) files.unlink(path);
        if (has("s")) files.symlink(target, path);
        else files.link(target, path);
      },
      (name, why) => {
        if (dialect === "busybox") return `ln: ${name}: ${why}`;
        if (!has("s") && why === "No such file or directory")
          return `ln: failed to access '${target}': ${why}`;
        return `ln: failed to create ${kind} link '${name}': ${why}`;
      },
    );
  });
}

function entryExists(files: Process["files"], path: string): boolean {
  try {
    files.lstat(path);
    return true;
  } catch {
    return false;
  }
}
