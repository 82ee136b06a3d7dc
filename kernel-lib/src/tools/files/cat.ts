import type { Program } from "../../host/process.js";
import { errnoText, tool } from "../tool-exit.js";
import { type Dialect, options } from "./dialect.js";

/** `cat [-nA] [FILE…]`; without a file, or for `-`, standard input. */
export function cat(dialect: Dialect): Program {
  return tool((process) => {
    const { has, operands } = options(process, "cat", "nAu", dialect);
    let status = 0;
    let text = "";
    for (const path of operands.length === 0 ? ["-"] : operands) {
      try {
        text += path === "-" ? process.stdin : process.files.readText(path);
      } catch (error) {
        const why = errnoText(error);
        const open =
          dialect === "busybox" && why !== "Is a directory" && why !== "Invalid argument"
            ? `cat: can't open '${path}': `
            : dialect === "busybox"
              ? "cat: read error: "
              : `cat: ${path}: `;
        process.stderr.write(`${open}${why}\n`);
        status = 1;
      }
    }
    process.stdout.write(shown(text, has("n"), has("A")));
    return status;
  });
}

function shown(text: string, numbers: boolean, all: boolean): string {
  if (!numbers && !all) return text;
  const lines = text.split("\n");
  const open = lines.pop()!;
  const visible = (line: string) => (all ? line.replaceAll("\t", "^I").replaceAll("\0", "^@") : line);
  const numbered = (line: string, i: number) => (numbers ? `${String(i + 1).padStart(6)}\t${line}` : line);
  return (
    lines.map((line, i) => `${numbered(visible(line), i)}${all ? "$" : ""}\n`).join("") +
    (open === "" ? "" : numbered(visible(open), lines.length))
  );
}
