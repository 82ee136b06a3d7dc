import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** A folder is only replaced when it is empty or a book that was written here: anything else would be lost. */
function refuseOtherFiles(target: string): void {
  if (!existsSync(target) || existsSync(join(target, "assets", "book.css"))) return;
  if (!statSync(target).isDirectory()) throw new Error(`${target} is a file, not a folder`);
  if (readdirSync(target).length > 0)
    throw new Error(
      `${target} holds other files, and its contents would be replaced: name a new folder with --out`,
    );
}

/** Writes a folder beside the old one, then lets it take its place: a reader never sees half a book. */
export function replaceFolder(out: string, files: ReadonlyMap<string, string | Buffer>): void {
  const target = resolve(out);
  refuseOtherFiles(target);
  const fresh = join(dirname(target), `.${basename(target)}.new-${process.pid}`);
  const old = join(dirname(target), `.${basename(target)}.old-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  try {
    for (const [name, content] of files) {
      mkdirSync(dirname(join(fresh, name)), { recursive: true });
      writeFileSync(join(fresh, name), content);
    }
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}
