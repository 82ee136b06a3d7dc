import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program in the repository's folder with this terminal, its name printed before. Gives its exit status; for one that a signal
 * ended, 128 and the signal's number, as a shell does.
 * @param {string} title
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string }} options
 * @returns {Promise<number>}
 */
export function runStep(title, program, args, { cwd }) {
  process.stderr.write(`\n> ${title}\n`);
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, stdio: "inherit", shell: false });
    const pass = (signal) => child.kill(signal);
    process.on("SIGTERM", pass);
    // The terminal sends Ctrl-C to the child as well; this process only waits for it to end.
    const wait = () => {};
    process.on("SIGINT", wait);
    const end = (status) => {
      process.off("SIGTERM", pass);
      process.off("SIGINT", wait);
      done(status);
    };
    child.once("error", (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      end(127);
    });
    child.once("exit", (code, signal) => end(code ?? 128 + constants.signals[signal]));
  });
}

/**
 * Runs steps in order up to the first that fails, and gives its status; 0 when all succeed.
 * @param {readonly (() => Promise<number>)[]} steps
 */
export async function inOrder(steps) {
  for (const step of steps) {
    const status = await step();
    if (status !== 0) return status;
  }
  return 0;
}
