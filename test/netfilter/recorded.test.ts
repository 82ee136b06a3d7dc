import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

interface Recorded {
  readonly command: string;
  readonly stdin: string;
  /** Standard output, then standard error. */
  readonly output: string;
  readonly status: number;
}

/** Commands with what iptables 1.8.9 (legacy) printed and its status, run one after the other in a fresh namespace; `---` begins another. */
function readRecording(name: string): Recorded[][] {
  const text = readFileSync(new URL(`recorded/${name}`, import.meta.url), "utf8");
  return text.split(/^---\n/m).map((session) =>
    [...session.matchAll(/^\$ (.*)\n((?:\| .*\n)*)([\s\S]*?)^\? (\d+)\n/gm)].map(
      ([, command, stdin, output, status]) => ({
        command: command!,
        stdin: stdin!.replace(/^\| /gm, ""),
        output: output!,
        status: Number(status),
      }),
    ),
  );
}

/** Words as bash parts them. */
function words(command: string): string[] {
  const found: string[] = [];
  let word = "";
  let open = false;
  for (const [, single, double, escaped, plain, blank] of command.matchAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)/g,
  )) {
    if (blank !== undefined) {
      if (open) found.push(word);
      word = "";
      open = false;
      continue;
    }
    word += single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? plain ?? "";
    open = true;
  }
  return open ? [...found, word] : found;
}

/** iptables-save's dates. */
const withoutDates = (text: string) => text.replace(/^# (Generated|Completed).*\n/gm, "");

describe.each([
  "iptables-1.txt",
  "iptables-2.txt",
  "commands.txt",
  "protocols.txt",
  "matches-1.txt",
  "matches-2.txt",
  "targets.txt",
  "addresses.txt",
  "restore.txt",
])("recording %s", (name) => {
  test("each command prints what the real one did", () => {
    for (const session of readRecording(name)) {
      const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
      for (const { command, stdin, output, status } of session) {
        const got = host.run({ argv: words(command), stdin });
        const said = withoutDates(got.stdout + got.stderr).replace(/([^\n])$/, "$1\n");
        expect
          .soft(`$ ${command}\n${stdin}${said}? ${got.status}`)
          .toBe(`$ ${command}\n${stdin}${withoutDates(output)}? ${status}`);
      }
    }
  });
});
