import { normalise } from "../support/normalise.js";

/** An IPv6 router solicitation of host B's vxlan0 in its envelope: the only thing in the recorded counters that the lab, without IPv6, does not send. */
const SOLICITATION = { packets: 1, bytes: 106, sourcePort: "35750" };

/** Chains and rules that counted it: host B sent it, host A received it. */
const COUNTED_SOLICITATION: Readonly<Record<string, readonly RegExp[]>> = {
  "host-a": [/^nat:(PREROUTING|INPUT)$/, /^nat:-A PREROUTING .*-j DOCKER$/, /^filter:INPUT$/],
  "host-b": [/^nat:(OUTPUT|POSTROUTING)$/, /^filter:OUTPUT$/],
};

/**
 * The lines of a listing, of the lab or of a recording, as far as the two are alike by nature. What is left out, and why:
 * MACs, ids, veth names and interface numbers; what IPv6 and IGMP left (the lab models neither): MACs learned from it, and its counts; docker0's IPv6
 * address on host A, which had held containers before; the recorded NIC's being a veth (`enX0@if4`, `noqueue`); times; the raw table, which the
 * recording had used before; the policy of FORWARD, which dockerd sets to DROP only when it turns forwarding on itself.
 */
export function comparable(host: string, listing: string, text: string): readonly string[] {
  const lines = withoutMulticastNoise(text).split("\n");
  switch (listing) {
    case "bridge-fdb-show":
      return byDevice(host, lines);
    case "brctl-showmacs-vxlan-net":
      return normalise(lines.map((line) => line.replace(/ +[\d.]+$/, " AGE")).join("\n")).split("\n");
    case "ip-addr":
      return addresses(lines);
    case "ip-route-table-local":
    case "ip-route":
    case "ip-neigh":
      return normalise(lines.join("\n")).split("\n").sort();
    case "docker-ps":
      return normalise(text)
        .replace(/(\d+|About a\w*|Less than a) (seconds?|minutes?)( ago)?/g, "T")
        .replace(/ {2,}/g, "  ")
        .split("\n");
    case "conntrack-L":
      return connections(lines);
    case "iptables-save":
      return ruleLines(lines).map(({ shown }) => shown);
    case "iptables-save-c":
      return ruleLines(lines).map(({ counted, shown }) => `${counted} ${shown}`);
    case "iptables-nv-L":
    case "iptables-nv-L-t-nat":
      return lines.filter((line) => !line.startsWith("# ")).map(withoutCounters);
    default:
      return normalise(text.replace(/"Created": ".*"/, '"Created": "…"')).split("\n");
  }
}

/** Rows of the tables of MACs that were learned from frames of the hosts' own devices: only IPv6 and IGMP of theirs crossed the tunnel. */
function withoutMulticastNoise(text: string): string {
  return text.replace(
    /^(?!02:42:ac:12)([0-9a-f]{2}:){5}[0-9a-f]{2} dev vxlan0 (master vxlan-net |dst 192\S+ self )\n|^ {2}1\t(?!02:42:ac:12)([0-9a-f]{2}:){5}[0-9a-f]{2}\tno\t.*\n/gm,
    "",
  );
}

/** Devices are listed by their number, which differs; the lines of each keep their order. */
function byDevice(host: string, lines: readonly string[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const device = /dev (\S+)/.exec(line)?.[1];
    if (device === undefined || (host === "host-a" && /^33:33:ff:\S+ dev docker0/.test(line))) continue;
    groups.set(device.replace(/^veth.*/, "veth"), [
      ...(groups.get(device.replace(/^veth.*/, "veth")) ?? []),
      line,
    ]);
  }
  const names = [...groups.keys()].sort();
  return normalise(names.flatMap((name) => groups.get(name)!).join("\n"), { commandLine: false }).split("\n");
}

function addresses(lines: readonly string[]): readonly string[] {
  const blocks = lines
    .join("\n")
    .replace(/^# .*\n/, "")
    .split(/^(?=\d+: )/m);
  const shown = blocks.map((block) => {
    const plain = /^\d+: docker0/.test(block) ? block.replace(/ {4}inet6 .*\n.*\n/, "") : block;
    return plain
      .replace(/enX0@if\d+/, "enX0")
      .replace(/^(\d+: enX0.*) qdisc \w+/, "$1 qdisc Q")
      .replace(/ link-netnsid \d+/, "")
      .replace(
        /^\d+: (veth\w+|\S+)(@if\d+)?:/,
        (_, name: string) => `N: ${name.startsWith("veth") ? "VETH" : name}:`,
      );
  });
  return normalise(shown.sort().join(""), { commandLine: false }).split("\n");
}

function connections(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => /^\w/.test(line) && !line.includes(`sport=${SOLICITATION.sourcePort}`))
    .map((line) =>
      line
        // Both recorded hosts are one kernel with one secret for the hash; real ones have a port each for the two directions.
        .replace(/\b(sport|dport)=(?!4789\b)\d+/g, "$1=PORT")
        .replace(/\bid=\d+/g, "id=ID")
        .replace(/^(\w+ +\d+) \d+/, "$1 T"),
    )
    .sort();
}

interface RuleLine {
  /** `nat:PREROUTING` of a chain's line, `nat:-A PREROUTING …` of a rule's. */
  readonly place: string;
  readonly shown: string;
  /** `[packets:bytes]`; empty where there are none. */
  readonly counted: string;
}

function ruleLines(lines: readonly string[]): readonly RuleLine[] {
  let table = "";
  return lines.flatMap((line) => {
    if (line.startsWith("#") || line === "") return [];
    if (line.startsWith("*")) table = line.slice(1);
    if (table === "raw") return [];
    const chain = /^:(\S+) (\S+) (\[\d+:\d+\])$/.exec(line);
    if (chain !== null) {
      const policy = `${table}:${chain[1]}` === "filter:FORWARD" ? "POLICY" : chain[2];
      return [{ place: `${table}:${chain[1]}`, shown: `:${chain[1]} ${policy}`, counted: chain[3]! }];
    }
    const rule = /^(?:(\[\d+:\d+\]) )?(.*)$/.exec(line)!;
    return [{ place: `${table}:${rule[2]}`, shown: rule[2]!, counted: rule[1] ?? "" }];
  });
}

/** The recorded `iptables-save -c` as it were had host B sent no router solicitation in those seconds. */
export function countsWithoutSolicitation(host: string, text: string): readonly string[] {
  return ruleLines(text.split("\n")).map(({ place, shown, counted }) => {
    const met = COUNTED_SOLICITATION[host]!.some((pattern) => pattern.test(place));
    return `${met ? counted.replace(/(\d+):(\d+)/, (_, packets, bytes) => `${packets - SOLICITATION.packets}:${bytes - SOLICITATION.bytes}`) : counted} ${shown}`;
  });
}

const withoutCounters = (line: string) =>
  line
    .replace(/^ *\d+[KM]? +\d+[KM]? /, "P B ")
    .replace("FORWARD (policy DROP", "FORWARD (policy ACCEPT")
    .replace(/\d+ packets, \d+ bytes/, "P packets, B bytes");
