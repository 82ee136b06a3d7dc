import { Command } from "commander";

/** `hopbook kernel`: the Jupyter kernel, installed or run. */
export function kernelCommand(): Command {
  const install = new Command("install")
    .description("Tell Jupyter of the kernel “TypeScript (Hopbook)”.")
    .option("--prefix <folder>", "install under FOLDER/share/jupyter, as for a Python environment")
    .option("--path <folder>", "install into this Jupyter data folder (for JUPYTER_PATH)")
    .option("--user", "install for this user (the default)")
    .addHelpText("after", "\nExample:\n  hopbook kernel install --prefix .venv")
    .action(async ({ prefix, path }: { prefix?: string; path?: string }) => {
      const { kernelInstall } = await import("../jupyter/index.js");
      console.log(`installed in ${kernelInstall({ prefix, path })}`);
    });
  const run = new Command("run")
    .description("Run the kernel on a connection file; Jupyter does this.")
    .argument("<connection-file>")
    .addHelpText("after", "\nExample:\n  hopbook kernel run /tmp/kernel-1.json")
    .action(async (file: string) => {
      const { kernelRun } = await import("../jupyter/index.js");
      kernelRun(file);
    });
  return new Command("kernel")
    .description("The Jupyter kernel: install it, or run it.")
    .addCommand(install)
    .addCommand(run)
    .addHelpText("after", "\nExample:\n  hopbook kernel install");
}
