import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { normalise } from "../support/normalise.js";

/** Commands with what Docker 20.10 and iptables 1.8.9 answered, one after the other on one machine; lines are cut after 300 characters. */
const RECORDING = readFileSync(new URL("../oracle/docker/network-options.txt", import.meta.url), "utf8")
  .split(/^\$ /m)
  .slice(1)
  .map((entry) => ({
    command: entry.slice(0, entry.indexOf("\n")),
    output: entry.slice(entry.indexOf("\n") + 1),
  }));

/** A command as it was typed: the recording's own shell has taken the quotes away from templates. */
const typed = (command: string) =>
  command
    .replace(/\{\{.*\}\}/, (template) => `'${template}'`)
    .replace(/^(.*)"'/, "$1'")
    .replace(/'"$/, "'");

/** What differs by chance (ids, addresses, dates, counters of chains), and what of the recorded machine was otherwise (no network card). */
function comparable(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.slice(0, 300))
    .filter((line) => !/^default via 192|dev enX0/.test(line))
    .join("\n");
  return normalise(lines, { commandLine: false })
    .replace(/br-[0-9a-f]{12}\b/g, "br-ID")
    .replace(/^(:\S+ \S+) \[\d+:\d+\]$/gm, "$1 [N]")
    .replace(/^# (Generated|Completed).*$/gm, "# $1")
    .replace(/(STATUS|CREATED) +/g, "$1 ")
    .replace(/(\d+|About a\w*|Less than a) (seconds?|minutes?) ago +/g, "AGO ");
}

test("a bridge's options do what they did in Docker 20.10: refusals, rules, addresses, ports", async () => {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01 } = lab.machines;
  docker01.exec("iptables -P FORWARD ACCEPT");
  for (const { command, output } of RECORDING) {
    const { stdout, stderr } = await docker01.script(typed(command));
    expect.soft(comparable(`$ ${command}\n${stdout}${stderr}`)).toBe(comparable(`$ ${command}\n${output}`));
  }
});
