import type { EngineVersion } from "../versions/engine-version.js";
import type { Subcommand } from "./subcommand.js";

/** Purposes that were worded otherwise before Docker 23. */
const OLDER_PURPOSE: Readonly<Record<string, string>> = {
  "Create and run a new container from an image": "Run a command in a new container",
  "Execute a command in a running container": "Run a command in a running container",
  "Download an image from a registry": "Pull an image or a repository from a registry",
};

/** `Usage:  docker run [OPTIONS] IMAGE …`. */
export function usageLine(help: string): string {
  return help.split("\n")[0]!;
}

function purpose(help: string, version: EngineVersion): string {
  const text = help.split("\n")[2] ?? "";
  return version.messages === "28" ? text : (OLDER_PURPOSE[text] ?? text);
}

/** The help text as the release prints it: older ones have a blank line before it and no aliases. */
export function helpText(help: string, version: EngineVersion): string {
  if (version.messages === "28") return help;
  const text = purpose(help, version);
  return `\n${help.replace(help.split("\n")[2] ?? "", text).replace(/\nAliases:\n(?: .*\n)+/, "")}`;
}

/** What `docker COMMAND --help` prints. */
export function commandHelp(command: Subcommand, version: EngineVersion): string {
  const { help, olderHelp } = command;
  return version.messages === "28" || olderHelp === undefined ? helpText(help, version) : `\n${olderHelp}`;
}

/** The flags that a release's command takes are read from here. */
export function helpOf({ help, olderHelp }: Subcommand, version: EngineVersion): string {
  return version.messages === "28" ? help : (olderHelp ?? help);
}

/** The message for a wrong flag. */
export function flagRefusal(message: string, command: Subcommand, version: EngineVersion): string {
  const name = `docker ${command.names[0]}`;
  if (version.messages === "28")
    return `${message}\n\n${usageLine(command.help)}\n\nRun '${name} --help' for more information\n`;
  return `${message}\nSee '${name} --help'.\n`;
}

/** The message for too few or too many words; null when the count is right. */
export function arityRefusal(count: number, command: Subcommand, version: EngineVersion): string | null {
  const { minimum, maximum } = command;
  if (count >= minimum && count <= maximum) return null;
  const plural = (n: number) => `${n} argument${n === 1 ? "" : "s"}`;
  const newer = version.messages === "28";
  const rule =
    maximum === 0
      ? "accepts no arguments"
      : minimum === maximum
        ? `requires ${newer ? "" : "exactly "}${plural(minimum)}`
        : count < minimum
          ? `requires at least ${plural(minimum)}`
          : `requires at most ${plural(maximum)}`;
  const name = `docker ${command.names[0]}`;
  if (newer) {
    const verb = rule.includes("at least") ? "See" : "Run";
    return `docker: '${name}' ${rule}\n\n${usageLine(command.help)}\n\n${verb} '${name} --help' for more information\n`;
  }
  return `"${name}" ${rule}.\nSee '${name} --help'.\n\n${usageLine(helpOf(command, version))}\n\n${purpose(helpOf(command, version), version)}\n`;
}
