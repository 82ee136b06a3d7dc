import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import { IPERF_USAGE } from "../../kernel-lib/src/tools/iperf3/usage.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { normalise } from "../support/normalise.js";
import { replay } from "../support/recording.js";

/**
 * Recordings that bring their own set-up: `% command` was run before, or in between, `@ name` says in which namespace the next `$ command` ran. What it
 * printed follows: lines of standard error with `! `, a status other than 0 as `= N`.
 */
interface Step {
  readonly kind: "%" | "$" | "@";
  readonly command: string;
  text: string;
}

function readSteps(file: string): readonly Step[] {
  const steps: Step[] = [];
  const text = readFileSync(new URL(`recorded/${file}.txt`, import.meta.url), "utf8");
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const [, kind, command] = /^([%$@]) (.*)$/.exec(line) ?? [];
    if (kind !== undefined) steps.push({ kind: kind as Step["kind"], command: command!, text: "" });
    else if (!line.startsWith("# ") && steps.length > 0) steps.at(-1)!.text += `${line}\n`;
  }
  return steps;
}

interface Compared {
  readonly name: string;
  readonly printed: string;
  readonly recorded: string;
}

/** Plays a recording on a fresh machine. */
function play(file: string): readonly Compared[] {
  const host = new Host(new World(7), "host-a", { programs: MACHINE_PROGRAMS });
  const compared: Compared[] = [];
  let inside = "";
  for (const { kind, command, text } of readSteps(file)) {
    if (kind === "@") inside = command;
    else if (command.startsWith("sleep ")) host.world.scheduler.runFor(seconds(Number(command.slice(6))));
    else if (kind === "%") {
      const { status, stderr } = host.run(command.split(" "));
      if (status !== 0) throw new Error(`set-up of ${file}: ${command}: ${stderr}`);
    } else {
      const name = `${compared.length + 1}: ${command}`;
      compared.push({ name, printed: replay(host, command, inside), recorded: text });
    }
  }
  return compared;
}

/** What chance decides, in each recording. */
const PLAIN: Readonly<Record<string, (text: string) => string>> = {
  // A bridge has the lowest MAC of its ports, and those are drawn by lot.
  "ip-json": (text) => text.replace(/MAC\d/g, "MAC"),
  iperf3: (text) =>
    text.replace(IPERF_USAGE.replace(/^(?=[\s\S])/gm, "! "), "! <usage>\n").replace(IPERF_USAGE, "<usage>\n"),
  // The real hosts tell the bridge of their groups (IGMP), which is not modelled.
  "link-statistics": (text) => text.replace(/^ +\d+ +\d+( +0){4} $/gm, "COUNTERS"),
  tracepath: (text) =>
    text
      .replace(/ *\d+\.\d{3}ms/g, (time) => "T".padStart(time.length))
      .replace(/expires \d+sec/, "expires Nsec"),
};

describe.each(Object.keys(PLAIN))("recording of %s", (file) => {
  const plain = (text: string): string => PLAIN[file]!(normalise(text));
  it.each(play(file))("$name", ({ printed, recorded }) => {
    expect(plain(printed)).toBe(plain(recorded));
  });
});
