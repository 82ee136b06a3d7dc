import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const kernelLib = fileURLToPath(new URL("../../kernel-lib", import.meta.url));

interface GradeBundle {
  writeGradePrograms(folder: string, extension: "ts", out: string): Promise<void>;
}

/** The grader's programs for the sandbox, made from the sources, in a folder of their own. */
export async function gradePrograms(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-programs-"));
  const bundle = (await import(`${kernelLib}/bin/bootstrap/grade-bundle.mjs`)) as GradeBundle;
  await bundle.writeGradePrograms(`${kernelLib}/src`, "ts", folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
