import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import type { BuildOptions, RunNotebook } from "../book/index.js";
import { LIBRARY_FOLDER, projectFolder } from "./folders.js";
import { wholeNumber } from "./numbers.js";

interface BookOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly pdf?: string | true;
}

/** Notebooks from elsewhere as pages. */
async function exportForeign(paths: readonly string[], { out, force, pdf }: BookOptions): Promise<void> {
  const chapter = paths.find((name) => !name.endsWith(".ipynb"));
  if (chapter !== undefined)
    throw new Error(`“${chapter}” is no notebook file: chapters and files cannot be mixed`);
  if (out === undefined) throw new Error("name the folder for the pages of these notebooks with --out");
  if (force === true || pdf !== undefined)
    throw new Error("--force and --pdf are for the book, not for notebook files");
  const { exportNotebooks } = await import("../book/index.js");
  for (const page of exportNotebooks(paths, out)) console.log(join(out, page));
}

/** `hopbook book`: chapters to notebooks, notebooks executed, pages written. */
export function bookCommand(): Command {
  return new Command("book")
    .description("Run the chapters that have changed and write the book as HTML.")
    .argument(
      "[chapter...]",
      "only these chapters run (01-bridge), the others keep their outputs; or notebook files (.ipynb) from elsewhere, which become pages and do not run",
    )
    .option("--out <folder>", "folder of the pages, replaced as a whole")
    .option(
      "--pdf [file]",
      "print the whole book into one file, too (by Chromium); book.pdf beside the pages' folder when no file is named",
    )
    .option("--force", "run chapters again that have not changed")
    .addHelpText(
      "after",
      "\nExample:\n  hopbook book --out /tmp/book 01-bridge\n  hopbook book --out /tmp/pages other.ipynb",
    )
    .action(async (chapters: string[], options: BookOptions) => {
      if (chapters.some((name) => name.endsWith(".ipynb"))) return exportForeign(chapters, options);
      const [{ printProgress }, { THE_BOOK }, { unchangedBook }] = await Promise.all([
        import("../book/progress.js"),
        import("../book/the-book.js"),
        import("../book/unchanged.js"),
      ]);
      const root = projectFolder();
      const out = resolve(options.out ?? join(root, "dist/book"));
      const build: BuildOptions = {
        root,
        out,
        book: THE_BOOK,
        library: LIBRARY_FOLDER,
        runNotebook: runWithMaterials,
        onProgress: printProgress(process.stderr),
        force: options.force === true,
        ...(chapters.length > 0 ? { chapters } : {}),
      };
      const loadBook = () => import("../book/index.js");
      // What makes a book takes a second to load.
      const result = unchangedBook(build) ?? (await (await loadBook()).buildBook(build));
      if (options.pdf !== undefined) {
        const file = resolve(options.pdf === true ? `${out}.pdf` : options.pdf);
        const { printBook } = await loadBook();
        await printBook({ root, out, book: THE_BOOK }, file);
        console.log(relative(process.cwd(), file));
      }
      for (const page of result.pages) console.log(relative(process.cwd(), page));
    });
}

/** Executes a notebook on the kernel, and asks its labs for what they leave. */
export const runWithMaterials: RunNotebook = async (path, onCell) => {
  const [{ materialsExpression, readMaterials, readNotebook }, { runNotebook }] = await Promise.all([
    import("../book/index.js"),
    import("../jupyter/index.js"),
  ]);
  let answer: Readonly<Record<string, unknown>> | null = null;
  await runNotebook(path, {
    onProgress: ({ done, total }) => onCell(done, total),
    question: materialsExpression(readNotebook(readFileSync(path, "utf8"))) ?? undefined,
    onAnswer: (bundle) => {
      answer = bundle;
    },
  });
  return readMaterials(answer);
};

/** `hopbook serve`: the book on this machine, until Ctrl-C. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Serve the book on 127.0.0.1 and print its address.")
    .option("--port <n>", "port; a free one when left out", wholeNumber(0, 65535))
    .addHelpText("after", "\nExample:\n  hopbook serve --port 8000")
    .action(async (options: { port?: number }) => {
      const folder = join(projectFolder(), "dist/book");
      if (!existsSync(join(folder, "index.html")))
        throw new Error("there is no book yet: make it with `hopbook book`");
      const { serveBook } = await import("../book/index.js");
      const server = await serveBook({
        folder,
        ...(options.port === undefined ? {} : { port: options.port }),
      });
      console.log(`The book is at ${server.address} (Ctrl-C ends)`);
      const end = () => void server.close().then(() => process.exit(0));
      process.once("SIGINT", end).once("SIGTERM", end);
    });
}
