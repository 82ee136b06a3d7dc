import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import type { RunNotebook } from "../book/index.js";
import { LIBRARY_FOLDER, projectFolder } from "./folders.js";
import { wholeNumber } from "./numbers.js";

/** `hopbook book`: chapters to notebooks, notebooks executed, pages written. */
export function bookCommand(): Command {
  return new Command("book")
    .description("Run the chapters that have changed and write the book as HTML.")
    .argument("[chapter...]", "only these chapters run (01-bridge); the others keep their outputs")
    .option("--out <folder>", "folder of the pages, replaced as a whole")
    .option("--force", "run chapters again that have not changed")
    .addHelpText("after", "\nExample:\n  hopbook book --out /tmp/book 01-bridge")
    .action(async (chapters: string[], options: { out?: string; force?: boolean }) => {
      const { buildBook, printProgress, THE_BOOK } = await import("../book/index.js");
      const root = projectFolder();
      const result = await buildBook({
        root,
        out: resolve(options.out ?? join(root, "dist/book")),
        book: THE_BOOK,
        library: LIBRARY_FOLDER,
        runNotebook: runWithMaterials,
        onProgress: printProgress(process.stderr),
        force: options.force === true,
        ...(chapters.length > 0 ? { chapters } : {}),
      });
      for (const page of result.pages) console.log(relative(process.cwd(), page));
    });
}

/** Executes a notebook on the kernel, and asks its labs for what they leave. */
const runWithMaterials: RunNotebook = async (path, onCell) => {
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
