import type { Host } from "../../host/host.js";
import type { KernelLogLine } from "../../host/kernel-log.js";
import type { Process, Steps } from "../../host/process.js";
import { untilOutsider } from "../../host/waits.js";
import { getopt, optionComplaint } from "../options.js";
import { steppedTool, ToolExit } from "../tool-exit.js";

/** Options of util-linux 2.38 that are known here, and those that only its help names. */
const KNOWN = "CcTtwWk";
const ABSENT = "DEfFHJLlnPprSsuxdehV";
const TAKE_VALUE = "fFlns";

const LONG: Readonly<Record<string, string>> = {
  clear: "C",
  "read-clear": "c",
  ctime: "T",
  notime: "t",
  follow: "w",
  "follow-new": "W",
  kernel: "k",
};

const TRY = "Try 'dmesg --help' for more information.\n";

/**
 * `dmesg [-T | -t] [-c | -C] [-w | -W]`: the kernel's log, with seconds since boot, with dates, or with neither; cleared, or followed. Clearing moves the
 * point from which dmesg reads (SYSLOG_ACTION_CLEAR): /var/log/kern.log keeps everything.
 */
export const dmesg = steppedTool(function* (process: Process): Steps {
  const { kernelLog } = process.host;
  const letters = readLetters(process.argv.slice(1));
  const show = (line: KernelLogLine) =>
    process.stdout.write(`${stamp(process.host, line, letters)}${line.text}\n`);
  let next = letters.has("W") ? kernelLog.lines.length : kernelLog.clearedTo;
  if (!letters.has("C")) for (; next < kernelLog.lines.length; next++) show(kernelLog.lines[next]!);
  if (letters.has("C") || letters.has("c")) kernelLog.clear();
  if (!letters.has("w") && !letters.has("W")) return 0;
  for (;;) {
    yield* untilOutsider([kernelLog.added]);
    for (; next < kernelLog.lines.length; next++) show(kernelLog.lines[next]!);
  }
});

function readLetters(words: readonly string[]): ReadonlySet<string> {
  const absent = [...ABSENT].map((letter) => (TAKE_VALUE.includes(letter) ? `${letter}:` : letter)).join("");
  const read = getopt(words, `${KNOWN}${absent}`, LONG);
  if ("error" in read) throw new ToolExit(1, `${optionComplaint("dmesg", read)}${TRY}`);
  if (read.operands.length > 0) throw new ToolExit(1, `dmesg: bad usage\n${TRY}`);
  const letters = new Set(read.options.map(([letter]) => letter));
  const unknown = [...letters].find((letter) => !KNOWN.includes(letter));
  if (unknown !== undefined) throw new ToolExit(1, `dmesg: option -${unknown} is not supported here\n`);
  if (letters.has("c") && letters.has("C"))
    throw new ToolExit(1, "dmesg: mutually exclusive arguments: --clear --read-clear\n");
  return letters;
}

function stamp(host: Host, { at }: KernelLogLine, letters: ReadonlySet<string>): string {
  if (letters.has("t")) return "";
  if (letters.has("T")) return `[${ctime(host.unixTime(at))}] `;
  return `[${((at - host.bootTime) / 1e9).toFixed(6).padStart(12)}] `;
}

function ctime(seconds: number): string {
  const [day = "", date = "", month = "", year = "", clock = ""] = new Date(Math.floor(seconds) * 1000)
    .toUTCString()
    .replace(",", "")
    .split(" ");
  return `${day} ${month} ${date.replace(/^0/, " ")} ${clock} ${year}`;
}
