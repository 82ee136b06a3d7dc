import { DEFAULT_SNAPSHOT_LENGTH } from "../../wire/capture.js";
import { ToolExit } from "../tool-exit.js";
import { DEFAULT_PRINT_OPTIONS, type PrintOptions } from "./print-options.js";
import { USAGE, VERSION } from "./usage.js";

/** A command line of tcpdump, read. */
export interface CommandLine {
  print: { -readonly [K in keyof PrintOptions]: PrintOptions[K] };
  interfaceName: string | null;
  /** Null: until it is stopped. */
  count: number | null;
  readFile: string | null;
  writeFile: string | null;
  snapshotLength: number;
  direction: "in" | "out" | "inout";
  promiscuous: boolean;
  listInterfaces: boolean;
  /** --count: with -r, only the number of frames. */
  countOnly: boolean;
  /** --print: with -w, print too. */
  printToo: boolean;
  filter: string;
}

const LONG: Readonly<Record<string, string>> = {
  "absolute-tcp-sequence-numbers": "S",
  direction: "Q",
  "dont-verify-checksums": "K",
  help: "h",
  interface: "i",
  "list-interfaces": "D",
  number: "#",
  "no-promiscuous-mode": "p",
  "packet-buffered": "U",
  "snapshot-length": "s",
  version: "version",
  count: "count",
  print: "print",
  micro: "micro",
  nano: "nano",
  "immediate-mode": "immediate",
};
const WITH_VALUE = "cirswQBCEFGjMTVWyzZm";
/** Options that tcpdump has and this one refuses. */
const REFUSED = "bdfHIJLOuBCEFGjMTVWyzZm";

/** Reads the words behind `tcpdump`, as getopt_long does: options may stand among the words of the filter. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const line: CommandLine = {
    print: { ...DEFAULT_PRINT_OPTIONS },
    interfaceName: null,
    count: null,
    readFile: null,
    writeFile: null,
    snapshotLength: DEFAULT_SNAPSHOT_LENGTH,
    direction: "inout",
    promiscuous: true,
    listInterfaces: false,
    countOnly: false,
    printToo: false,
    filter: "",
  };
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--") {
      rest.push(...words.slice(i + 1));
      break;
    }
    if (word.startsWith("--")) {
      const [name = "", value] = word.slice(2).split(/=(.*)/s);
      const option = LONG[name];
      if (option === undefined) throw badUsage(`unrecognized option '--${name}'`);
      const wanted = WITH_VALUE.includes(option);
      if (!wanted && value !== undefined) throw badUsage(`option '--${name}' doesn't allow an argument`);
      if (wanted && value === undefined && i + 1 >= words.length)
        throw badUsage(`option '--${name}' requires an argument`);
      apply(line, option, wanted ? (value ?? words[++i] ?? "") : "");
    } else if (word.startsWith("-") && word.length > 1) {
      i += readCluster(line, word, words[i + 1]);
    } else rest.push(word);
  }
  if (line.print.time > 5) throw fail("only -t, -tt, -ttt, -tttt and -ttttt are supported");
  line.filter = rest.join(" ");
  return line;
}

/** Reads `-nvi` and the like; returns how many words more it took. */
function readCluster(line: CommandLine, word: string, next: string | undefined): number {
  for (let at = 1; at < word.length; at++) {
    const option = word.charAt(at);
    if (!WITH_VALUE.includes(option)) {
      apply(line, option, "");
      continue;
    }
    const attached = word.slice(at + 1);
    if (attached === "" && next === undefined) throw badUsage(`option requires an argument -- '${option}'`);
    apply(line, option, attached === "" ? (next ?? "") : attached);
    return attached === "" ? 1 : 0;
  }
  return 0;
}

/** Options that only set or count something. */
const FLAGS: Readonly<Record<string, (line: CommandLine) => void>> = {
  a: () => {},
  l: () => {},
  U: () => {},
  micro: () => {},
  immediate: () => {},
  n: ({ print }) => (print.numeric = true),
  N: ({ print }) => (print.shortNames = true),
  e: ({ print }) => (print.link = true),
  q: ({ print }) => print.quiet++,
  v: ({ print }) => print.verbose++,
  S: ({ print }) => (print.absoluteSequence = true),
  K: ({ print }) => (print.ignoreChecksums = true),
  A: ({ print }) => print.ascii++,
  x: ({ print }) => print.hex++,
  X: ({ print }) => print.hexAndAscii++,
  t: ({ print }) => print.time++,
  "#": ({ print }) => (print.number = true),
  nano: ({ print }) => (print.nanoseconds = true),
  p: (line) => (line.promiscuous = false),
  D: (line) => (line.listInterfaces = true),
  count: (line) => (line.countOnly = true),
  print: (line) => (line.printToo = true),
};

function apply(line: CommandLine, option: string, value: string): void {
  const flag = FLAGS[option];
  if (flag !== undefined) {
    flag(line);
    return;
  }
  switch (option) {
    case "h":
      throw new ToolExit(0, "", USAGE);
    case "version":
      throw new ToolExit(0, "", VERSION);
    case "i":
      line.interfaceName = value;
      return;
    case "r":
      line.readFile = value;
      return;
    case "w":
      line.writeFile = value;
      return;
    case "c":
      line.count = leadingNumber(value);
      if (line.count <= 0) throw fail(`invalid packet count ${value}`);
      return;
    case "s": {
      const length = /^(0[xX][0-9a-fA-F]+|[0-9]+)$/.test(value) ? Number(value) : -1;
      if (length < 0 || length > DEFAULT_SNAPSHOT_LENGTH) {
        throw fail(`invalid snaplen ${value} (must be >= 0 and <= ${DEFAULT_SNAPSHOT_LENGTH})`);
      }
      line.snapshotLength = length === 0 ? DEFAULT_SNAPSHOT_LENGTH : length;
      return;
    }
    case "Q": {
      const direction = value.toLowerCase();
      if (direction !== "in" && direction !== "out" && direction !== "inout")
        throw fail(`unknown capture direction \`${value}'`);
      line.direction = direction;
      return;
    }
    default:
      if (REFUSED.includes(option)) throw fail(`option -${option} is not supported here`);
      throw badUsage(`invalid option -- '${option}'`);
  }
}

/** atoi. */
function leadingNumber(text: string): number {
  return Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? 0);
}

/** Ends tcpdump with an error of its own. */
export function fail(message: string): ToolExit {
  return new ToolExit(1, `tcpdump: ${message}\n`);
}

function badUsage(message: string): ToolExit {
  return new ToolExit(1, `tcpdump: ${message}\n${USAGE}`);
}
