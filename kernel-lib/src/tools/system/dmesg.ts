import type { Program } from "../../host/process.js";
import { ToolExit, tool } from "../tool-exit.js";

/** `dmesg [-T]`: the kernel's log, with seconds since boot, or with dates. `-c` and `-C` are not known here: the log is the trace's. */
export const dmesg: Program = tool((process) => {
  const { host } = process;
  const unknown = process.argv.slice(1).find((word) => word !== "-T" && word !== "--ctime");
  if (unknown !== undefined) throw new ToolExit(1, `dmesg: option ${unknown} is not supported here\n`);
  const dates = process.argv.length > 1;
  for (const { at, text } of host.kernelLog.lines) {
    const stamp = dates ? ctime(host.unixTime(at)) : ((at - host.bootTime) / 1e9).toFixed(6).padStart(12);
    process.stdout.write(`[${stamp}] ${text}\n`);
  }
  return 0;
});

function ctime(seconds: number): string {
  const [day = "", date = "", month = "", year = "", clock = ""] = new Date(Math.floor(seconds) * 1000)
    .toUTCString()
    .replace(",", "")
    .split(" ");
  return `${day} ${month} ${date.replace(/^0/, " ")} ${clock} ${year}`;
}
