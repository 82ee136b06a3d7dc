import { clientInfo } from "./info.js";
import { helped } from "./run-options.js";
import type { Call, Subcommand } from "./subcommand.js";
import { clientVersion } from "./version.js";

export const CANNOT_CONNECT =
  "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";

/** What a command says when no daemon answers: its client's part first, then that. Gives the exit status. */
export function daemonDown(call: Call, command: Subcommand): number {
  const { stdout, stderr, engine } = call;
  const older = engine.version.messages !== "28";
  const name = command.names[0]!;
  switch (name) {
    case "run":
      stderr.write(`${helped(CANNOT_CONNECT, older)}\n`);
      return 125;
    case "version":
      stdout.write(clientVersion(call));
      break;
    case "info":
      stdout.write(`${clientInfo()}Server:\n${older ? `ERROR: ${CANNOT_CONNECT}\n` : ""}`);
      stderr.write(older ? "errors pretty printing info\n" : `${CANNOT_CONNECT}\n`);
      return 1;
    case "pull":
      if (!/[:@]/.test(call.words[0]!)) stdout.write("Using default tag: latest\n");
      break;
    default:
      if (name.endsWith("inspect") && !call.flags.has("format")) stdout.write("[]\n");
  }
  stderr.write(`${CANNOT_CONNECT}\n`);
  if (name === "start")
    stderr.write(`${older ? "Error: failed" : "failed"} to start containers: ${call.words.join(", ")}\n`);
  if (name === "rename") stderr.write(`Error: failed to rename container named ${call.words[0]}\n`);
  return 1;
}
