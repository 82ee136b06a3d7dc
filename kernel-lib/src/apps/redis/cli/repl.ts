import { ms } from "../../../base/units.js";
import type { Process, Steps } from "../../../host/process.js";
import { TypedLines } from "../../../tools/typed-lines.js";
import { lower, utf8Bytes } from "../byte-text.js";
import { splitArguments } from "../split-arguments.js";
import type { CliClient } from "./client.js";

/** From this time on a command's duration is printed. */
const SLOW = ms(500);

/** Commands that print until they are interrupted, and redis-cli with them. */
const ENDLESS = /^\s*([ps]?subscribe|monitor)(\s|$)/i;

/** Lines of a pipe, one after the other. */
export function* fromInput(process: Process, client: CliClient, input: string): Steps<void> {
  const lines = input.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) if (!(yield* carryOut(process, client, line))) return;
}

/** Lines typed at a terminal, until `quit` or the end of input. */
export function* atTerminal(process: Process, client: CliClient): Steps<void> {
  const typed = new TypedLines(process, () => client.prompt);
  try {
    for (;;) {
      const lines = typed.take().split("\n");
      lines.pop();
      for (const line of lines) {
        // From then on nothing is read any more: the session's next lines are the shell's again.
        if (ENDLESS.test(line)) typed.close();
        if (!(yield* carryOut(process, client, line))) return;
      }
      if (typed.closed) return;
      yield { kind: "terminal", queues: [typed.wait], shell: typed };
    }
  } finally {
    typed.close();
  }
}

/** One line; false when it ends the session. Source: Redis 7.0, redis-cli.c repl. */
function* carryOut(process: Process, client: CliClient, line: string): Steps<boolean> {
  const words = splitArguments(utf8Bytes(line));
  if (words === null) {
    process.stdout.write("Invalid argument(s)\n");
    return true;
  }
  const [first] = words;
  if (first === undefined) return true;
  const name = lower(first);
  if (name === "quit" || name === "exit") return false;
  if (name === "connect" && words.length === 3) {
    client.host = words[1]!;
    client.port = Number.parseInt(words[2]!, 10) || 0;
    yield* client.connect();
    return true;
  }
  const own = ownCommand(name, words);
  if (own !== null) {
    process.stdout.write(own);
    return true;
  }
  yield* timed(process, client, words);
  return true;
}

/** What redis-cli answers without a server; null for a command of the server. */
function ownCommand(name: string, words: readonly string[]): string | null {
  if (name.startsWith(":")) return `redis-cli: ${words.join(" ")} is not supported here\n`;
  if (name === "help" || name === "?") return "redis-cli: help is not supported here\n";
  if (name === "restart") return "Use 'restart' only in Lua debugging mode.\n";
  if (name === "clear" && words.length === 1) return "";
  return null;
}

/** `3 incr counter` carries a command out three times. */
function* timed(process: Process, client: CliClient, words: readonly string[]): Steps<void> {
  const counted = words.length > 1 && /^[+-]?\d+$/.test(words[0]!);
  const repeat = counted ? Number(words[0]) : 1;
  if (repeat <= 0) {
    process.stdout.write("Invalid redis-cli repeat command option value.\n");
    return;
  }
  const { scheduler } = process.host.world;
  const start = scheduler.now;
  yield* client.command(counted ? words.slice(1) : words, repeat);
  const elapsed = scheduler.now - start;
  if (elapsed >= SLOW && client.form === "standard")
    process.stdout.write(`(${(elapsed / 1e9).toFixed(2)}s)\n`);
}
