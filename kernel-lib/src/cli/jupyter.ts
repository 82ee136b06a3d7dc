import { Command } from "commander";
import { wholeNumber } from "./numbers.js";

interface JupyterChoice {
  readonly port?: number;
  readonly browser: boolean;
  readonly existing?: string;
}

/** `hopbook jupyter`: the chapters in JupyterLab, until Ctrl-C. */
export function jupyterCommand(): Command {
  return new Command("jupyter")
    .description("Open the chapters in JupyterLab; the first time it installs one of its own from PyPI.")
    .argument("[folder]", "folder with notebooks (default: those of the book)")
    .option("--port <n>", "port of the server (default: the first free one from 8888)", wholeNumber(1, 65535))
    .option("--no-browser", "print the address and open no browser")
    .option("--existing <path>", "a Python environment that has JupyterLab 4, in place of an own one")
    .addHelpText(
      "after",
      "\nExamples:\n  hopbook jupyter\n  hopbook jupyter --no-browser --existing .venv --port 8890",
    )
    .action(async (folder: string | undefined, { port, browser, existing }: JupyterChoice) => {
      const { startJupyter } = await import("./jupyter-run.js");
      const lab = await startJupyter({
        tell: (line) => console.log(line),
        browser,
        ...(folder === undefined ? {} : { folder }),
        ...(port === undefined ? {} : { port }),
        ...(existing === undefined ? {} : { existing }),
      });
      console.log(`JupyterLab: ${lab.address}\nCtrl-C ends it.`);
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, lab.stop);
      const status = await lab.ended;
      if (status !== 0) throw new Error(`JupyterLab ended with status ${status}`);
    });
}
