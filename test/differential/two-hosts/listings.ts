/** What is asked in namespaces after a step, and how its text is made comparable. */
export interface Listing {
  readonly name: string;
  /** Which namespaces have something to tell: the machines' own, or those of containers too. */
  readonly of: "machines" | "all";
  readonly command: readonly string[];
  readonly lines: (text: string) => readonly string[];
}

function sorted(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}

/** Kernels built without VLAN filtering, as the one that runs here may be, have no second entry for a port's own address. */
function fdbLines(text: string): readonly string[] {
  return sorted(text).filter((line) => !/ vlan 1 /.test(line));
}

/**
 * `ip -s link show` as one line a device: name, flags, MTU, state, master, counters by name. A card of the lab is a veth in the real world, so the queue and
 * the other end's index are left out, and so are received groups: a card counts them, a veth does not. Linux 6.1
 * says LOWERLAYERDOWN of a veth whose other end is down, later ones do so only when that end is in the same namespace.
 */
function linkLines(text: string): readonly string[] {
  return text
    .split(/^(?=\d+: )/m)
    .filter((device) => device !== "")
    .map((device) => {
      const [head = "", , ...rest] = device.split("\n");
      const [, name, flags, words] = head.match(/^\d+: ([^:@]+)(?:@[^:]+)?: <([^>]*)> (.*)$/) ?? [];
      const settings = ["mtu", "master", "state"].map((word) => words?.match(`\\b${word} (\\S+)`)?.[0] ?? "");
      return `${name} <${flags}> ${settings
        .filter((word) => word !== "")
        .join(" ")
        .replace("LOWERLAYERDOWN", "DOWN")} ${counters(rest)}`;
    })
    .sort();
}

function counters(lines: readonly string[]): string {
  const words: string[] = [];
  for (const [i, line] of lines.entries()) {
    const way = line.match(/^ +([RT]X):/)?.[1];
    if (way === undefined) continue;
    const names = line.trim().split(/ +/).slice(1);
    const values = (lines[i + 1] ?? "").trim().split(/ +/);
    for (const [j, name] of names.entries())
      if (values[j] !== "0" && name !== "mcast") words.push(`${way.toLowerCase()}.${name}=${values[j]}`);
  }
  return words.join(" ");
}

function ruleLines(text: string): readonly string[] {
  const tables = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n")
    .split(/(?=^\*)/m);
  return tables.sort().flatMap((table) => table.split("\n").filter((line) => line !== ""));
}

/** Entries without what is left of their time and the kernel's count of users; ping's identifier is drawn by chance. */
function connectionLines(text: string): readonly string[] {
  return sorted(
    text
      .replace(/ use=\d+ *$/gm, "")
      .replace(/^(\S+ +\d+) \d+/gm, "$1 SECONDS")
      .replace(/\bid=\d+/g, "id=N")
      .replace(/sport=\d+ (dport=(?:4789|8472))/g, "sport=HASH $1")
      .replace(/(sport=(?:4789|8472)) dport=\d+/g, "$1 dport=HASH"),
  );
}

export const LISTINGS = {
  fdb: { name: "bridge fdb show", of: "machines", command: ["bridge", "fdb", "show"], lines: fdbLines },
  neigh: { name: "ip neigh show", of: "all", command: ["ip", "neigh", "show"], lines: sorted },
  link: { name: "ip -s link show", of: "all", command: ["ip", "-s", "link", "show"], lines: linkLines },
  rules: { name: "iptables-save -c", of: "machines", command: ["iptables-save", "-c"], lines: ruleLines },
  connections: { name: "conntrack -L", of: "machines", command: ["conntrack", "-L"], lines: connectionLines },
} as const satisfies Record<string, Listing>;

export type ListingName = keyof typeof LISTINGS;

/** What a command of a script has printed, without times and process numbers. */
export function printedLines(text: string): readonly string[] {
  return text
    .replace(/\btime=[\d.]+ ms/g, "time=T")
    .replace(/\btime \d+ms/g, "time T")
    .replace(/^rtt min\/avg.*$/gm, "rtt")
    .replace(/ in [\d.]+ms$/gm, " in T")
    .replace(/(unicast|broadcast) (reply from .*?) +[\d.]+ms/gi, "$1 $2 T")
    .split("\n");
}
