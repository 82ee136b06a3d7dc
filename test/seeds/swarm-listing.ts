import { readFileSync } from "node:fs";
import { rulesByTable } from "../support/rules.js";

/** The code blocks of a seed, in order. */
export function codeBlocks(seed: string): readonly string[] {
  const text = readFileSync(new URL(`../oracle/seeds/${seed}.txt`, import.meta.url), "utf8");
  return text.split(/^ *```\w*\n/m).filter((_, i) => i % 2 === 1);
}

/** The commands of a block with what each printed; its author's remark `empty` is no output. */
export function commandsOf(block: string): ReadonlyMap<string, string> {
  const parts = block.split(/^# /m).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end + 1).replace(/^empty\n/, "")];
    }),
  );
}

/**
 * A listing as far as the seed shows it. Its author has left out MACs, IPv6 and lifetimes of addresses, loopback's address and blanks at line ends, and counters and policies of
 * rules. What chance decides is named alike: ids, MACs, names of veths, interface numbers, ports of the embedded DNS.
 */
export function shownLines(command: string, text: string): readonly string[] {
  if (command.endsWith("iptables-save"))
    return Object.entries(rulesByTable(text, true)).flatMap(([table, rules]) => [
      `*${table}`,
      ...rules.map((rule) =>
        `${table} ${rule}`
          .replace(/(127\.0\.0\.11:)\d+/, "$1PORT")
          .replace(/(--sport )\d+(?= -j SNAT --to-source :53)/, "$1PORT"),
      ),
    ]);
  const lines = text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !/^ +(link\/|inet6 |valid_lft |inet 127\.0\.0\.1\/8)/.test(line));
  if (command.endsWith("ip addr")) return lines.map(plainAddressLine);
  if (command.endsWith("ip netns"))
    return lines.map((line) => line.replace(/^1-\w{10}/, "1-ID").replace(/^[0-9a-f]{12}/, "SANDBOX"));
  if (command.endsWith("brctl show")) return lines.slice(1).map(plainBridgeLine);
  return lines;
}

function plainAddressLine(line: string): string {
  return line
    .replace(/^\d+: /, "N: ")
    .replace(/@if\d+/, "@ifN")
    .replace(/^N: veth[0-9a-f]{7}@/, "N: VETH@");
}

function plainBridgeLine(line: string): string {
  return line
    .trim()
    .split(/\s+/)
    .join(" ")
    .replace(/8000\.[0-9a-f]{12}/, "8000.MAC")
    .replace(/\bveth[0-9a-f]{7}\b/, "VETH");
}

/** Lines of `after` that `before` does not have, each as often as it is new. */
export function newLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = [...before];
  return after.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
