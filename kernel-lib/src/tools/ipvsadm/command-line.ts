import { ToolExit } from "../tool-exit.js";

/** Commands in the order of the tool's table. */
export type IpvsCommand =
  | "add-service"
  | "edit-service"
  | "delete-service"
  | "flush"
  | "list"
  | "add-server"
  | "delete-server"
  | "edit-server"
  | "timeout"
  | "zero"
  | "save"
  | "restore";

export type IpvsOption =
  | "numeric"
  | "connection"
  | "service-address"
  | "scheduler"
  | "persistent"
  | "netmask"
  | "real-server"
  | "forwarding-method"
  | "weight"
  | "u-threshold"
  | "l-threshold"
  | "timeout"
  | "daemon"
  | "stats"
  | "rate"
  | "thresholds"
  | "persistent-conn"
  | "nosort"
  | "exact"
  | "ops"
  | "sched-flags"
  | "tun-type";

/** A word of the command line that was understood. */
export interface GivenOption {
  readonly option: IpvsOption | null;
  /** The switch as it is told apart: `t`, `u`, `f`, `g`, `m`, `i`… */
  readonly switch: string;
  readonly value: string | null;
}

interface Switch {
  readonly option: IpvsOption | null;
  readonly value: "none" | "needed" | "optional";
}

const COMMANDS: Readonly<Record<string, IpvsCommand>> = {
  "-A": "add-service",
  "--add-service": "add-service",
  "-E": "edit-service",
  "--edit-service": "edit-service",
  "-D": "delete-service",
  "--delete-service": "delete-service",
  "-C": "flush",
  "--clear": "flush",
  "-L": "list",
  "-l": "list",
  "--list": "list",
  "-a": "add-server",
  "--add-server": "add-server",
  "-d": "delete-server",
  "--delete-server": "delete-server",
  "-e": "edit-server",
  "--edit-server": "edit-server",
  "--set": "timeout",
  "-Z": "zero",
  "--zero": "zero",
  "-S": "save",
  "--save": "save",
  "-R": "restore",
  "--restore": "restore",
};

const LONG: Readonly<Record<string, string>> = {
  "tcp-service": "t",
  "udp-service": "u",
  "fwmark-service": "f",
  scheduler: "s",
  persistent: "p",
  netmask: "M",
  "real-server": "r",
  gatewaying: "g",
  ipip: "i",
  masquerading: "m",
  weight: "w",
  "u-threshold": "x",
  "l-threshold": "y",
  connection: "c",
  numeric: "n",
  ops: "o",
  "sched-flags": "b",
};

const none = (option: IpvsOption | null): Switch => ({ option, value: "none" });
const needed = (option: IpvsOption): Switch => ({ option, value: "needed" });

const SWITCHES: Readonly<Record<string, Switch>> = {
  t: needed("service-address"),
  u: needed("service-address"),
  f: needed("service-address"),
  s: needed("scheduler"),
  p: { option: "persistent", value: "optional" },
  M: needed("netmask"),
  r: needed("real-server"),
  g: none("forwarding-method"),
  i: none("forwarding-method"),
  m: none("forwarding-method"),
  w: needed("weight"),
  x: needed("u-threshold"),
  y: needed("l-threshold"),
  c: none("connection"),
  n: none("numeric"),
  o: none("ops"),
  b: needed("sched-flags"),
  timeout: none("timeout"),
  daemon: none("daemon"),
  stats: none("stats"),
  rate: none("rate"),
  exact: none("exact"),
  thresholds: none("thresholds"),
  "persistent-conn": none("persistent-conn"),
  nosort: none("nosort"),
  sort: none(null),
  "tun-type": needed("tun-type"),
};

/** What ipvsadm has besides, and the lab's has not. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  "-6",
  "--ipv6",
  "--sctp-service",
  "--pe",
  "--tun-port",
  "--tun-nocsum",
  "--tun-csum",
  "--tun-remcsum",
  "--tun-info",
  "--start-daemon",
  "--stop-daemon",
  "--syncid",
  "--sync-maxlen",
  "--mcast-interface",
  "--mcast-group",
  "--mcast-port",
  "--mcast-ttl",
]);

const TRY = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";

export function fail(text: string): ToolExit {
  return new ToolExit(2, `${text}\n`);
}

/** What a command line asks for; `operands` are the values of `--set`. */
export interface CommandLine {
  readonly command: IpvsCommand;
  readonly options: readonly GivenOption[];
  readonly operands: readonly string[];
}

/** Takes a command line apart, as popt does; the first option is the command. Throws {@link ToolExit}. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const queue = expand(words);
  const first = queue.shift() ?? "";
  refuseUnsupported(first);
  const command = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (command === undefined) throw new ToolExit(255, TRY);
  const options: GivenOption[] = [];
  const operands: string[] = [];
  while (queue.length > 0) {
    const word = queue.shift()!;
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    refuseUnsupported(word);
    if (Object.hasOwn(COMMANDS, word)) throw fail(`invalid option \`${word}'`);
    options.push(readOption(word, queue));
  }
  if (command !== "timeout" && operands.length > 0) throw fail(`unexpected argument ${operands[0]}`);
  return { command, options, operands };
}

function readOption(word: string, queue: string[]): GivenOption {
  const [bare, joined] = splitValue(word);
  const name = bare.startsWith("--") ? (LONG[bare.slice(2)] ?? bare.slice(2)) : bare.slice(1);
  const isLong = name.length > 1;
  const spec = Object.hasOwn(SWITCHES, name) && isLong === bare.startsWith("--") ? SWITCHES[name] : undefined;
  const known = spec ?? (bare.startsWith("--") && name.length === 1 ? SWITCHES[name] : undefined);
  if (known === undefined) throw new ToolExit(255, `${bare}: unknown option\n`);
  if (known.value === "none") return { option: known.option, switch: name, value: null };
  if (joined !== null) return { option: known.option, switch: name, value: joined };
  const next = queue[0];
  if (known.value === "optional" && (next === undefined || next.startsWith("-")))
    return { option: known.option, switch: name, value: null };
  if (next === undefined) throw new ToolExit(255, `${bare}: missing argument\n`);
  queue.shift();
  return { option: known.option, switch: name, value: next };
}

function splitValue(word: string): [string, string | null] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}

function refuseUnsupported(word: string): void {
  const [bare] = splitValue(word);
  if (UNSUPPORTED.has(bare)) throw fail(`ipvsadm: option "${bare}" is not supported here`);
}

/** Takes clusters of short options apart: `-Ln` is `-L -n`, `-t10.0.0.1:80` is `-t 10.0.0.1:80`. */
function expand(words: readonly string[]): string[] {
  if (words.every((word) => word.length < 3 || !word.startsWith("-"))) return [...words];
  return words.flatMap((word) => {
    if (word.length < 3 || !/^-[A-Za-z]/.test(word)) return [word];
    const parts: string[] = [];
    for (let at = 1; at < word.length; at++) {
      parts.push(`-${word[at]}`);
      const spec = SWITCHES[word[at]!];
      if (spec === undefined || spec.value === "none" || at + 1 === word.length) continue;
      parts.push(word.slice(at + 1));
      break;
    }
    return parts;
  });
}
