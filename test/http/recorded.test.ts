import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { HttpRequest } from "../../kernel-lib/src/apps/http-server.js";
import type { Host } from "../../kernel-lib/src/host/host.js";
import { curl } from "../../kernel-lib/src/tools/curl/curl.js";
import { readRecording } from "../support/recording.js";
import { namespace, site } from "../web/site.js";

function run(host: Host, argv: readonly string[]): string {
  const { status, stdout, stderr } = host.run({ argv, program: curl, netns: namespace(host, "g1") });
  const shown = stderr.replaceAll("\r\n", "\n").replaceAll("\r", "\\r");
  return steady(`${stdout.replaceAll("\r", "")}${shown.replace(/^(?=[\s\S])/gm, "! ")}= ${status}\n`);
}

/** Without what was measured: the meter's speeds, milliseconds. */
function steady(text: string): string {
  return text
    .replace(/\\r(?=\n)|\r/g, "")
    .replace(/ +[\d.]+[kMG]?( +0 --:--:-- --:--:-- --:--:--) +[\d.]+[kMG]?$/gm, " <speed>$1 <speed>")
    .replace(/after (\d+) ms/g, "after <ms> ms");
}

const text = readFileSync(new URL("recorded/curl-7.88.1.txt", import.meta.url), "utf8");

test.each(readRecording(text).map(({ command, text }) => [command, text] as const))(
  "%s",
  (command, recorded) => {
    const line = command.replace("-H Accept: ", "-H\tAccept: ");
    const argv = line.includes("\t") ? line.split(" ").flatMap((word) => word.split("\t")) : line.split(" ");
    if (command.includes("/slow")) {
      // The server of these tests answers at once: one that is silent stands in for the slow one.
      const host = site();
      const silent = namespace(host, "g2").tcp.socket();
      silent.bind(0, 5001);
      silent.listen(1);
      expect(run(host, line.replace("5000", "5001").split(" "))).toBe(steady(recorded));
      return;
    }
    expect(run(site(), argv)).toBe(steady(recorded));
  },
);

test("fields are added, replaced and taken away, as the real one sent them", () => {
  const seen: HttpRequest[] = [];
  const host = site((request) => seen.push(request));
  run(host, ["curl", "-s", "-H", "X-A:1", "-H", "Accept:", "-A", "me", "-u", "a:b", "172.17.0.3:5000/"]);
  expect(seen[0]?.fields).toEqual([
    ["Host", "172.17.0.3:5000"],
    ["Authorization", "Basic YTpi"],
    ["User-Agent", "me"],
    ["X-A", "1"],
  ]);
});
