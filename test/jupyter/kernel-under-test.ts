import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { KernelClient } from "../../kernel-lib/src/jupyter/client.js";
import type { Output } from "../../kernel-lib/src/jupyter/notebook.js";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A folder of the repository, from which `hopbook` and `@types/node` are found. */
export const NOTEBOOKS = join(ROOT, "notebooks");

/** The chapters' notebooks by name, in the order of the chapters; other files beside them do not count. */
export function chapterNotebooks(): string[] {
  return readdirSync(NOTEBOOKS)
    .filter((name) => /^\d+-[\w-]+\.ipynb$/.test(name))
    .sort();
}

/** The kernel is a program of its own: it runs from the built code. */
export function requireBuild(): void {
  if (!existsSync(join(ROOT, "kernel-lib/dist/jupyter/kernel.js")))
    throw new Error("kernel-lib is not built: run `npm run build` first");
}

/** One real kernel for the tests of a file. */
export function withKernel(cwd: string = ROOT): () => KernelClient {
  let client: KernelClient | null = null;
  beforeAll(async () => {
    requireBuild();
    client = await KernelClient.start(cwd);
  });
  afterAll(async () => {
    await client?.shutdown();
  });
  return () => client!;
}

/** A temporary folder for the tests of a file. */
export const withFolder = (): (() => string) => withFolderAt(join(tmpdir(), "hopbook-test-"));

/** A temporary folder from which `hopbook` is found, as from `notebooks/`. */
export const withFolderInRepository = (): (() => string) => withFolderAt(join(ROOT, ".test-"));

function withFolderAt(prefix: string): () => string {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(prefix);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}

/** Outputs as short lines: what a reader would see. */
export function shown(outputs: readonly Output[]): string[] {
  return outputs.map((output) => {
    if (output.output_type === "stream") return `${output.name}: ${output.text}`;
    if (output.output_type === "error") return `error: ${output.ename}: ${output.evalue}`;
    const text = output.data["text/plain"];
    return `${output.output_type}: ${typeof text === "string" ? text : Object.keys(output.data).join(" ")}`;
  });
}

/** A text without the escape sequences that colour it. */
export const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, "");
