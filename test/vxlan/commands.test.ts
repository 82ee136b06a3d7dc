import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Host } from "../../kernel-lib/src/host/host.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** Commands with what iproute2 6.1 and a 6.18 kernel printed, and `[status]`, in a namespace with a veth pair d0 (10.0.0.1/24) and d1. */
function recordedCommands(file: string): { command: string; text: string }[] {
  const text = readFileSync(new URL(`recorded/${file}`, import.meta.url), "utf8");
  return [...text.matchAll(/^\$ (.*)\n([\s\S]*?\[\d+\]\n)/gm)].map(([, command, shown]) => ({
    command: command!,
    text: shown!,
  }));
}

function plain(text: string): string {
  return text
    .replace(/link\/ether [\da-f:]+/g, "link/ether MAC")
    .replace(/33:33:ff:[\da-f:]+/g, "33:33:ff:NN")
    .replace(/ numrxqueues 1/g, "")
    .replace(/used \d+\/\d+/g, "used N/N");
}

/** A table of a VXLAN device is listed by a salted hash: addresses in any order, the remotes of one in theirs. */
function inOrder(command: string, text: string): string {
  if (!command.includes("fdb show")) return text;
  const lines = text.split("\n");
  return lines
    .sort((a, b) => (a.slice(0, 17) < b.slice(0, 17) ? -1 : a.slice(0, 17) > b.slice(0, 17) ? 1 : 0))
    .join("\n");
}

test.each(["commands.txt", "more-commands.txt"])(
  "the commands of %s print what they really print",
  (file) => {
    const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
    for (const line of [
      "ip link set lo up",
      "ip link add d0 type veth peer name d1",
      "ip addr add 10.0.0.1/24 dev d0",
      "ip link set d0 up",
      "ip link set d1 up",
    ])
      expect(host.run(line.split(" ")).status).toBe(0);
    for (const { command, text } of recordedCommands(file)) {
      const { status, stdout, stderr } = host.run(command.split(" "));
      const shown = plain(`${stdout}${stderr}[${status}]\n`);
      expect.soft(inOrder(command, shown), command).toBe(inOrder(command, plain(text)));
    }
  },
);
