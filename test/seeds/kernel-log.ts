/** One line of a LOG rule, by its parts: `prefix` is what the rule says before the fields. */
export interface LogLine {
  readonly prefix: string;
  readonly text: string;
  readonly isFin: boolean;
}

/** Names things by first appearance. */
class Names {
  private readonly known = new Map<string, string>();
  constructor(private readonly prefix: string) {}

  of(text: string): string {
    const name = this.known.get(text) ?? `${this.prefix}${this.known.size + 1}`;
    this.known.set(text, name);
    return name;
  }
}

/**
 * Log lines in a form that two runs share: MACs, veth names and ephemeral ports are named by first appearance, and IP identifications are
 * counted from the first of their sender (the kernel begins anywhere and goes up by one). Everything else stays as it is.
 */
export function logLines(text: string): LogLine[] {
  const macs = new Names("MAC");
  const ports = new Names("PORT");
  const veths = new Names("VETH");
  const firstIds = new Map<string, number>();
  return text
    .split("\n")
    .filter((line) => line.includes("IN="))
    .map((raw) => {
      const line = raw.replace(/^.*kernel: \[ *\d+\.\d+\] /, "");
      const [, flow = "", port = ""] = /SRC=(\S+).* SPT=(\d+)/.exec(line) ?? [];
      const shown = line
        .replace(/veth[0-9a-f]{7}/g, (name) => veths.of(name))
        .replace(
          /MAC=((?:[0-9a-f]{2}:){6})((?:[0-9a-f]{2}:){6})/,
          (_, to: string, from: string) => `MAC=${macs.of(to)}:${macs.of(from)}:`,
        )
        .replace(/([SD]PT)=(\d{5})\b/g, (_, name: string, number: string) => `${name}=${ports.of(number)}`)
        .replace(
          / ID=(\d+)/,
          (_, id: string) => ` ID=${relativeId(firstIds, `${flow} ${port}`, Number(id))}`,
        );
      return { prefix: shown.slice(0, shown.indexOf(": ")), text: shown, isFin: / FIN /.test(shown) };
    });
}

function relativeId(firstIds: Map<string, number>, sender: string, id: number): string {
  if (id === 0) return "0";
  const first = firstIds.get(sender) ?? id;
  firstIds.set(sender, first);
  return `+${(id - first) & 0xffff}`;
}
