import { readFileSync } from "node:fs";
import { Command } from "commander";
import { type GatewayTarget, gatewayTarget, openGateway } from "./gateway-option.js";
import { type LabChoice, labOf, withLabOptions } from "./lab-options.js";
import { readAll } from "./read-all.js";
import { ShellLines } from "./shell-lines.js";

interface ShellChoice extends LabChoice {
  readonly strict?: boolean;
  readonly transcript?: boolean;
  readonly gateway?: GatewayTarget;
}

/** `hopbook shell`: a lab in a terminal, or a script run in a lab. */
export function shellCommand(): Command {
  return withLabOptions(new Command("shell"))
    .description(
      "A lab in a terminal. Without a terminal, or with SCRIPT, runs the lines and prints what the commands print.",
    )
    .argument(
      "[script]",
      "file of bash lines; a line `docker02# COMMAND` goes to that machine and stays there",
    )
    .option(
      "--gateway <service=address>",
      "let containers of the image redis lead to a real server: redis=127.0.0.1:6379",
      gatewayTarget,
    )
    .option("--strict", "stop at the first command that fails, with its status")
    .option("--transcript", "print each command behind its prompt")
    .addHelpText(
      "after",
      "\nExample:\n  hopbook shell --preset single --docker 20.10\n  echo 'docker network ls' | hopbook shell --transcript",
    )
    .action(async (script: string | undefined, options: ShellChoice) => {
      const typed = script === undefined && process.stdin.isTTY === true;
      const lab = labOf(options);
      const gateway = options.gateway === undefined ? null : await openGateway(lab, options.gateway);
      const lines = new ShellLines(lab, { interactive: typed, holds: typed });
      if (typed) {
        const { runTerminal } = await import("./shell-terminal.js");
        process.exitCode = await runTerminal(lines);
        gateway?.close();
        return;
      }
      const text = script === undefined ? await readAll(process.stdin) : readFileSync(script, "utf8");
      process.exitCode = await runScript(lines, text, options);
      gateway?.close();
    });
}

async function runScript(lines: ShellLines, text: string, options: ShellChoice): Promise<number> {
  await lines.open();
  let pending = "";
  for (const line of text.replace(/\n$/, "").split("\n")) {
    pending = pending === "" ? line : `${pending}\n${line}`;
    if (lines.isIncomplete(pending)) continue;
    if (!(await runOne(lines, pending, options))) return lines.status;
    pending = "";
  }
  if (pending !== "" && !(await runOne(lines, pending, options))) return lines.status;
  const last = await lines.end();
  process.stdout.write(last.stdout);
  process.stderr.write(last.stderr);
  return lines.status;
}

/** False when the script stops here. */
async function runOne(lines: ShellLines, command: string, options: ShellChoice): Promise<boolean> {
  const text = lines.switchMachine(command);
  if (text.trim() === "" || /^\s*#/.test(text)) return true;
  if (options.transcript === true) process.stdout.write(`${lines.prompt}${text}\n`);
  const result = await lines.run(text);
  const screen = lines.session.takeScreen();
  process.stdout.write(options.transcript === true ? screen : result.stdout);
  if (options.transcript !== true) process.stderr.write(result.stderr);
  if (lines.closed) return false;
  return !(options.strict === true && result.status !== 0);
}
