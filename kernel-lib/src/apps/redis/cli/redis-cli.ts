import type { Process, Program, Steps } from "../../../host/process.js";
import { steppedTool, ToolExit } from "../../../tools/tool-exit.js";
import { utf8Bytes } from "../byte-text.js";
import { splitArguments } from "../split-arguments.js";
import { CliClient } from "./client.js";
import { type CliOptions, readCliOptions } from "./options.js";
import { atTerminal, fromInput } from "./repl.js";
import { scanKeys } from "./scan-keys.js";

const SHOWN_PASSWORD =
  "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n";

/** redis-cli 7.0.15: a command, lines of standard input, or a terminal's. Options that it has and the lab has not are refused by name. */
export const redisCli: Program = steppedTool(function* (process): Steps<number> {
  const options = readCliOptions(process.argv, process.env);
  if (options.passwordShown && options.warns) process.stderr.write(SHOWN_PASSWORD);
  const client = new CliClient(process, options);
  try {
    if (options.scans) return yield* scanKeys(process, client, options.pattern);
    if (options.command.length > 0) return yield* oneCommand(process, options, client);
    yield* client.connect();
    if (process.tty && process.stdin === "") yield* atTerminal(process, client);
    else yield* fromInput(process, client, process.stdin);
    return 0;
  } finally {
    client.close();
  }
});

function* oneCommand(process: Process, options: CliOptions, client: CliClient): Steps<number> {
  const words = wordsOf(process, options);
  if (options.repeat === 0) return 0;
  const done = yield* client.command(words, options.repeat);
  return done && !(options.failsByReply && client.last === "error") ? 0 : 1;
}

/** The command's words, with what -x, -X and --quoted-input make of them. */
function wordsOf(process: Process, options: CliOptions): string[] {
  let words = options.command;
  if (options.quotedInput) {
    words = words.map((word) => {
      const split = splitArguments(word);
      if (split === null || split.length !== 1) throw new ToolExit(1, "Invalid quoted string specified.\n");
      return split[0]!;
    });
  }
  const input = utf8Bytes(process.stdin);
  if (options.lastFromInput) return [...words, input];
  if (options.taggedInput === null) return words;
  const tag = utf8Bytes(options.taggedInput);
  if (!words.includes(tag)) throw new ToolExit(1, "Using -X option but stdin tag not match.\n");
  return words.map((word) => (word === tag ? input : word));
}
