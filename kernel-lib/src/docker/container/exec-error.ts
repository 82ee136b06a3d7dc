import { findProgram } from "../../host/find-program.js";
import type { Container } from "./container.js";

/** Why runc cannot start a program: not there (127), or no program (126). */
export interface ExecError {
  readonly status: 126 | 127;
  readonly message: string;
}

/** Null when the program is there. */
export function execError(container: Container, word: string): ExecError | null {
  if (findProgram(container.programs, word) !== null) return null;
  const quoted = `exec: "${word}"`;
  if (!word.includes("/")) return { status: 127, message: `${quoted}: executable file not found in $PATH` };
  if (!container.files.exists(word))
    return { status: 127, message: `${quoted}: stat ${word}: no such file or directory` };
  return {
    status: 126,
    message: `${quoted}: ${container.files.stat(word).type === "directory" ? "is a directory" : "permission denied"}`,
  };
}
