import type { Nanoseconds } from "../../base/units.js";
import type { Process } from "../../host/process.js";
import type { DockerService } from "./service.js";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** `systemctl status docker` of systemd 252, without what the lab does not model (tasks, memory, CPU, the journal). */
export function statusText(service: DockerService): string {
  const { state, main } = service;
  const dot = state === "active" ? "●" : state === "failed" ? "×" : "○";
  const lines = [
    `${dot} docker.service - Docker Application Container Engine`,
    "     Loaded: loaded (/lib/systemd/system/docker.service; enabled; preset: enabled)",
    `     Active: ${activeText(service)}`,
    "       Docs: https://docs.docker.com",
  ];
  if (main !== null && main.exitCode !== null)
    lines.push(
      `   Main PID: ${main.pid} (code=exited, status=${main.exitCode === 0 ? "0/SUCCESS" : `${main.exitCode}/FAILURE`})`,
    );
  else if (main !== null) {
    const members = [main, ...children(main)];
    lines.push(`   Main PID: ${main.pid} (dockerd)`, "     CGroup: /system.slice/docker.service");
    for (const [i, { pid, argv }] of members.entries())
      lines.push(`             ${i === members.length - 1 ? "└─" : "├─"}${pid} ${argv.join(" ")}`);
  }
  if (state === "failed") lines.push("", service.lastWords);
  return `${lines.join("\n")}\n`;
}

/** The daemon's own processes: containers and their shims are in other control groups. */
function children(main: Process): Process[] {
  return [...main.host.processes.values()].filter(
    (process) => process.parent === main && process.argv[0]?.endsWith("docker-proxy"),
  );
}

function activeText({ state, main, since, engine }: DockerService): string {
  const { host } = engine;
  const time = (at: Nanoseconds) => {
    const date = new Date(Math.floor(host.unixTime(at)) * 1000);
    const text = date.toISOString();
    return `${DAYS[date.getUTCDay()]} ${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
  };
  const when = main === null ? "" : ` since ${time(since)}; ${ago(host.world.scheduler.now - since)}`;
  if (state === "active") return `active (running)${when}`;
  if (state === "failed") return `failed (Result: exit-code)${when}`;
  return state === "inactive"
    ? `inactive (dead)${when}`
    : `${state} (${state === "activating" ? "start" : "stop-sigterm"})${when}`;
}

/** `3s ago`, `5min 2s ago`, `1h 5min ago` (format_timestamp_relative). */
function ago(duration: Nanoseconds): string {
  const total = Math.floor(duration / 1e9);
  if (total < 1) return `${Math.floor(duration / 1e6)}ms ago`;
  if (total < 60) return `${total}s ago`;
  if (total < 3600)
    return total < 300
      ? `${Math.floor(total / 60)}min ${total % 60}s ago`
      : `${Math.floor(total / 60)}min ago`;
  return `${Math.floor(total / 3600)}h ${Math.floor((total % 3600) / 60)}min ago`;
}
