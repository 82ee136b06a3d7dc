import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import { splitWords } from "../../kernel-lib/src/tools/iptables/iptables-restore.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** Commands with what iptables 1.8.9 (legacy) printed and its status, run one after the other in one fresh namespace. */
function readRecording(name: string): { command: string; output: string; status: number }[] {
  const text = readFileSync(new URL(`recorded/${name}`, import.meta.url), "utf8");
  return [...text.matchAll(/^\$ (.*)\n([\s\S]*?)^\? (\d+)\n/gm)].map(([, command, output, status]) => ({
    command: command!,
    output: output!,
    status: Number(status),
  }));
}

/** Words as bash parts them: single quotes too. */
function words(command: string): string[] {
  return splitWords(
    command.replace(/'([^']*)'/g, (_, inner: string) => `"${inner.replace(/["\\]/g, "\\$&")}"`),
  );
}

describe.each(["iptables-1.txt", "iptables-2.txt"])("recording %s", (name) => {
  test("each command prints what the real one did", () => {
    const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
    for (const { command, output, status } of readRecording(name)) {
      const argv = command.includes("with'quote")
        ? ["iptables", "-A", "FORWARD", "-m", "comment", "--comment", "with'quote"]
        : words(command);
      const got = host.run(argv);
      const said = (got.stdout + got.stderr).replace(/^# .*\n/gm, "");
      const expected = output.replace(/^# .*\n/gm, "");
      expect.soft(`$ ${command}\n${said}? ${got.status}`).toBe(`$ ${command}\n${expected}? ${status}`);
    }
  });
});
