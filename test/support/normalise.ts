/** What a comparison with a recording leaves out; all of it by default. */
export interface NormaliseOptions {
  /** The first line `# command` of a recording. */
  readonly commandLine?: boolean;
  /** MAC addresses, bridge ids and link-local addresses made from them. */
  readonly macs?: boolean;
  /** Container, network and image ids. */
  readonly ids?: boolean;
  /** Names of veth ends that Docker drew by lot. */
  readonly vethNames?: boolean;
  /** Interface numbers: `4:`, `@if3`, `link-netnsid 2`. */
  readonly indexes?: boolean;
  /** Round-trip and other measured times. */
  readonly times?: boolean;
}

/** Numbers things by first appearance, so that two texts are equal when they use them alike. */
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
 * Makes a listing comparable with a recording of a real machine: what chance or order of events decides (MACs, ids, veth names, interface
 * numbers) gets a name by first appearance. Addresses derived by rule stay: group addresses, 02:42:ac:… of containers, broadcast, zero.
 */
export function normalise(text: string, options: NormaliseOptions = {}): string {
  const on = {
    commandLine: true,
    macs: true,
    ids: true,
    vethNames: true,
    indexes: true,
    times: false,
    ...options,
  };
  let result = on.commandLine ? text.replace(/^# .*\n/, "") : text;
  if (on.macs) result = normaliseMacs(result);
  if (on.vethNames) {
    const names = new Names("VETH");
    result = result.replace(/\bveth[0-9a-f]{7}\b/g, (name) => names.of(name));
  }
  if (on.ids) {
    const names = new Names("ID");
    result = result.replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b/g, (id) =>
      /^\d+$/.test(id) ? id : names.of(id),
    );
  }
  if (on.indexes) {
    result = result
      .replace(/^\d+(?=: [\w.-]+)/gm, "N")
      .replace(/@if\d+/g, "@ifN")
      .replace(/link-netnsid \d+/g, "link-netnsid N");
  }
  if (on.times) result = result.replace(/\d+\.\d+(?= ms|\/)/g, "T").replace(/time \d+ms/g, "time Tms");
  return result;
}

const DERIVED =
  /^(00:00:00:00:00:00|ff:ff:ff:ff:ff:ff|33:33:00:.*|01:00:5e:.*|01:80:c2:.*|02:42:(ac|0a|c0):.*|02:42:00:00:.*)$/;

function normaliseMacs(text: string): string {
  const macs = new Names("MAC");
  return text
    .replace(/\b(8000|03e8)\.([0-9a-f]{12})\b/g, (_, priority: string, hex: string) => {
      const mac = (hex.match(/../g) ?? []).join(":");
      return `${priority}.${DERIVED.test(mac) ? mac : macs.of(mac)}`;
    })
    .replace(/\b(8000)\.([0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5})\b/g, (_, priority: string, loose: string) => {
      const mac = loose
        .split(":")
        .map((group) => group.padStart(2, "0"))
        .join(":");
      return `${priority}.${DERIVED.test(mac) ? mac : macs.of(mac)}`;
    })
    .replace(/\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b/g, (mac) => shown(mac, macs))
    .replace(/\bfe80::[0-9a-f:]+/g, "fe80::LL")
    .replace(/\bff02::1:ff[0-9a-f:]+/g, "ff02::1:ffLL");
}

function shown(mac: string, macs: Names): string {
  if (mac.startsWith("33:33:ff:")) return "33:33:ff:LL";
  return DERIVED.test(mac) ? mac : macs.of(mac);
}
