import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { CellTimeout, KernelClient } from "./client.js";
import { compareOutputs, type OutputDifference } from "./compare-outputs.js";
import { LANGUAGE_INFO } from "./kernel-info.js";
import { KernelDied } from "./kernel-process.js";
import { KERNEL_DISPLAY_NAME, KERNEL_NAME } from "./kernelspec.js";
import { type Cell, type CodeCell, hasTag, isCode, type Notebook, type Output } from "./notebook.js";
import { NotebookError, parseNotebook } from "./notebook-parse.js";
import { writeNotebook } from "./notebook-write.js";
import { type Progress, ProgressBar, type ProgressStream } from "./progress.js";

export interface RunNotebookOptions {
  /** Seconds that one cell may take; no limit by default. */
  readonly timeoutSeconds?: number | undefined;
  /** Compares with the stored outputs and writes nothing. */
  readonly check?: boolean | undefined;
  readonly onProgress?: (progress: Progress) => void;
  /** An expression that is run behind the last cell and is no part of the notebook. */
  readonly question?: string | undefined;
  /** Called with the mime bundle of the question's value. */
  readonly onAnswer?: (bundle: Readonly<Record<string, unknown>>) => void;
}

export interface NotebookRun {
  readonly path: string;
  readonly codeCells: number;
  /** The cells whose outputs are not those that were stored before. */
  readonly differences: readonly OutputDifference[];
}

/**
 * Executes every code cell of a notebook in order, on a fresh kernel in the notebook's folder, and writes the file in place:
 * all of it, or, when a cell fails, nothing. A cell tagged `raises-exception` may fail. Throws {@link NotebookError}.
 */
export async function runNotebook(path: string, options: RunNotebookOptions = {}): Promise<NotebookRun> {
  const stored = parseNotebook(await readText(path), path);
  const made = await executeNotebook(stored, dirname(resolve(path)), { ...options, name: path });
  const differences = compareOutputs(stored, made);
  if (!options.check) await replaceFile(path, writeNotebook(made));
  return { path, codeCells: made.cells.filter(isCode).length, differences };
}

export interface ExecuteNotebookOptions extends RunNotebookOptions {
  /** The notebook as messages name it. */
  readonly name: string;
}

/** Executes a notebook in memory; imports are resolved from the folder `cwd` upward. */
export async function executeNotebook(
  notebook: Notebook,
  cwd: string,
  options: ExecuteNotebookOptions,
): Promise<Notebook> {
  const total = notebook.cells.filter(isCode).length;
  options.onProgress?.({ done: 0, total, label: "starting the kernel" });
  const client = await KernelClient.start(cwd);
  const displays = new Map<string, Output[]>();
  const cells: Cell[] = [];
  let number = 0;
  try {
    for (const cell of notebook.cells) {
      if (!isCode(cell)) {
        cells.push(cell);
        continue;
      }
      number += 1;
      options.onProgress?.({ done: number - 1, total, label: headline(cell) });
      cells.push(await executeCell(client, cell, number, displays, options));
    }
    await askQuestion(client, options);
    options.onProgress?.({ done: total, total, label: "done" });
    await client.shutdown();
  } catch (error) {
    await client.kill();
    throw error;
  }
  return { ...notebook, metadata: withLanguage(notebook.metadata), cells };
}

async function askQuestion(client: KernelClient, options: ExecuteNotebookOptions): Promise<void> {
  if (options.question === undefined) return;
  const { outputs, error } = await client.execute(options.question, { storeHistory: false });
  if (error)
    throw new NotebookError(`${options.name}: the question behind it failed:\n${error.traceback.join("\n")}`);
  const answer = outputs.find((output) => output.output_type === "execute_result");
  if (answer) options.onAnswer?.(answer.data);
}

async function executeCell(
  client: KernelClient,
  cell: CodeCell,
  number: number,
  displays: Map<string, Output[]>,
  options: ExecuteNotebookOptions,
): Promise<CodeCell> {
  // Front ends do not send empty cells to the kernel, and so number none.
  if (cell.source.trim() === "") return { ...cell, execution_count: null, outputs: [] };
  const mayFail = hasTag(cell, "raises-exception");
  const where = `${options.name}: code cell ${number} (${cell.id})`;
  const { timeoutSeconds } = options;
  try {
    const result = await client.execute(cell.source, { timeoutSeconds, displays, stopOnError: !mayFail });
    if (result.error && !mayFail)
      throw new NotebookError(`${where} failed:\n${result.error.traceback.join("\n")}`);
    return { ...cell, execution_count: result.executionCount, outputs: result.outputs };
  } catch (error) {
    if (error instanceof CellTimeout) throw new NotebookError(`${where} ran longer than ${timeoutSeconds} s`);
    if (error instanceof KernelDied) throw new NotebookError(`${where}: ${error.message}`);
    throw error;
  }
}

/** The first line of a cell that says something, for the progress bar. */
function headline(cell: CodeCell): string {
  return (
    cell.source
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? ""
  );
}

function withLanguage(metadata: Notebook["metadata"]): Notebook["metadata"] {
  const kernelspec = { display_name: KERNEL_DISPLAY_NAME, language: "typescript", name: KERNEL_NAME };
  return { ...metadata, kernelspec, language_info: { ...LANGUAGE_INFO } };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new NotebookError(`${path}: no such file`);
    if (code === "EISDIR") throw new NotebookError(`${path}: this is a folder, not a notebook`);
    throw new NotebookError(`${path}: cannot be read (${code})`);
  }
}

/** Writes beside the file and renames, so that whoever looks finds the old notebook or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = resolve(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const { mode } = await stat(path);
    await writeFile(temporary, text, { mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new NotebookError(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

export interface RunNotebooksOptions extends Pick<RunNotebookOptions, "timeoutSeconds" | "check"> {
  /** Where progress and messages go; standard error by default. */
  readonly stream?: ProgressStream;
}

/**
 * `hopbook run NOTEBOOK…`: runs notebooks one after the other and returns the exit status. 1 means that a notebook is broken or
 * failed, or that `--check` found a difference; the others are run all the same.
 */
export async function runNotebooks(
  paths: readonly string[],
  options: RunNotebooksOptions = {},
): Promise<number> {
  const { stream = process.stderr, check, timeoutSeconds } = options;
  let status = 0;
  for (const path of paths) {
    const bar = new ProgressBar(basename(path), stream);
    try {
      const run = await runNotebook(path, { check, timeoutSeconds, onProgress: (at) => bar.update(at) });
      bar.clear();
      if (check && run.differences.length > 0) status = 1;
      stream.write(summary(run, check === true));
    } catch (error) {
      bar.clear();
      if (!(error instanceof NotebookError)) throw error;
      stream.write(`${error.message}\n`);
      status = 1;
    }
  }
  return status;
}

function summary(run: NotebookRun, check: boolean): string {
  const count = `${run.codeCells} code ${run.codeCells === 1 ? "cell" : "cells"}`;
  if (!check) return `${run.path}: ${count} executed\n`;
  if (run.differences.length === 0) return `${run.path}: ${count} executed, outputs as stored\n`;
  const blocks = run.differences.map(({ cell, lines }) =>
    [`${run.path}: ${cell} differs:`, ...lines].join("\n"),
  );
  return `${blocks.join("\n")}\n`;
}
