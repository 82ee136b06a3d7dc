import { ToolExit } from "../tool-exit.js";

/** What a curl command line asks for. */
export interface CurlOptions {
  readonly urls: string[];
  silent: boolean;
  showError: boolean;
  verbose: boolean;
  include: boolean;
  head: boolean;
  follow: boolean;
  fail: boolean;
  method: string | null;
  data: string | null;
  user: string | null;
  agent: string;
  writeOut: string;
  /** Seconds; 0 for none. */
  maxTime: number;
  connectTimeout: number;
  maxRedirects: number;
  networkInterface: string | null;
  /** First and last port that may be the connection's own; null: the kernel chooses. */
  localPorts: readonly [first: number, last: number] | null;
  readonly fields: string[];
  /** Output files in the order of the URLs: a name, or null for `-O`. */
  readonly outputs: (string | null)[];
}

type Setter = (options: CurlOptions, value: string) => void;

/** Options without a value. */
const FLAGS: Readonly<Record<string, Setter>> = {
  silent: (o) => (o.silent = true),
  "show-error": (o) => (o.showError = true),
  verbose: (o) => (o.verbose = true),
  include: (o) => (o.include = true),
  head: (o) => (o.head = true),
  location: (o) => (o.follow = true),
  fail: (o) => (o.fail = true),
  "remote-name": (o) => o.outputs.push(null),
  // All addresses are IPv4 here; -k matters to https only, which is refused; output is never held back, so that -N changes nothing.
  ipv4: () => {},
  insecure: () => {},
  "no-buffer": () => {},
};

function append(options: CurlOptions, value: string): void {
  options.data = options.data === null ? value : `${options.data}&${value}`;
}

/** Options with a value. */
const VALUES: Readonly<Record<string, Setter>> = {
  output: (o, value) => o.outputs.push(value),
  "write-out": (o, value) => (o.writeOut = value),
  header: (o, value) => o.fields.push(value),
  request: (o, value) => (o.method = value),
  data: (o, value) => append(o, value.replace(/[\r\n]/g, "")),
  "data-ascii": (o, value) => append(o, value.replace(/[\r\n]/g, "")),
  "data-raw": append,
  "data-binary": append,
  user: (o, value) => (o.user = value),
  "user-agent": (o, value) => (o.agent = value),
  "max-time": (o, value) => (o.maxTime = number(value, "-m")),
  "connect-timeout": (o, value) => (o.connectTimeout = number(value, "--connect-timeout")),
  "max-redirs": (o, value) => (o.maxRedirects = number(value, "--max-redirs")),
  interface: (o, value) => (o.networkInterface = value),
  "local-port": (o, value) => (o.localPorts = portRange(value)),
  url: (o, value) => o.urls.push(value),
};

const LETTERS: Readonly<Record<string, string>> = {
  s: "silent",
  S: "show-error",
  v: "verbose",
  i: "include",
  I: "head",
  L: "location",
  f: "fail",
  O: "remote-name",
  "4": "ipv4",
  k: "insecure",
  N: "no-buffer",
  o: "output",
  w: "write-out",
  H: "header",
  X: "request",
  d: "data",
  u: "user",
  A: "user-agent",
  m: "max-time",
};

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";

/** Options that curl 7.88 has and this one has not: named as such, so that nobody takes them for unknown. */
const ABSENT = new Set([
  "retry",
  "proxy",
  "cacert",
  "cert",
  "form",
  "cookie",
  "cookie-jar",
  "upload-file",
  "resolve",
  "parallel",
  "http2",
  "ipv6",
]);
const ABSENT_LETTERS = new Set([..."xEFbcTZ6GrRCzeKqnMp#"]);

function number(value: string, option: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw complaint(option, "expected a proper numerical parameter");
  return Number(value);
}

/** `40000` or `40000-40010`. */
function portRange(value: string): readonly [number, number] {
  const [, first = "", last = first] = /^(\d+)(?: *- *(\d+))?$/.exec(value) ?? [];
  const range = [Number(first), Number(last)] as const;
  if (first === "" || range[1] > 65535 || range[0] > range[1])
    throw complaint("--local-port", "is badly used here");
  return range;
}

function complaint(option: string, text: string): ToolExit {
  return new ToolExit(2, `curl: option ${option}: ${text}\n${TRY}`);
}

function unknown(option: string, absent: boolean): ToolExit {
  return absent
    ? new ToolExit(2, `curl: option ${option} is not supported here\n`)
    : complaint(option, "is unknown");
}

/** Reads a command line; throws {@link ToolExit} with curl's words and status 2. */
export function parseCurl(argv: readonly string[]): CurlOptions {
  const options: CurlOptions = {
    urls: [],
    silent: false,
    showError: false,
    verbose: false,
    include: false,
    head: false,
    follow: false,
    fail: false,
    method: null,
    data: null,
    user: null,
    agent: "curl/7.88.1",
    writeOut: "",
    maxTime: 0,
    connectTimeout: 0,
    maxRedirects: 50,
    networkInterface: null,
    localPorts: null,
    fields: [],
    outputs: [],
  };
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i]!;
    if (word.startsWith("--") && word.length > 2) i += readLong(options, word, argv[i + 1]);
    else if (word.startsWith("-") && word.length > 1) i += readLetters(options, word, argv[i + 1]);
    else options.urls.push(word);
  }
  if (options.urls.length === 0) throw new ToolExit(2, TRY);
  return options;
}

function readLong(options: CurlOptions, word: string, next: string | undefined): number {
  const name = word.slice(2);
  if (Object.hasOwn(FLAGS, name)) {
    FLAGS[name]!(options, "");
    return 0;
  }
  if (!Object.hasOwn(VALUES, name)) throw unknown(word, ABSENT.has(name));
  if (next === undefined) throw complaint(word, "requires parameter");
  VALUES[name]!(options, next);
  return 1;
}

function readLetters(options: CurlOptions, word: string, next: string | undefined): number {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!;
    const name = LETTERS[letter];
    if (name === undefined)
      throw unknown(`-${word.length === 2 ? letter : word.slice(1)}`, ABSENT_LETTERS.has(letter));
    const flag = FLAGS[name];
    if (flag !== undefined) {
      flag(options, "");
      continue;
    }
    const rest = word.slice(i + 1);
    if (rest === "" && next === undefined) throw complaint(`-${letter}`, "requires parameter");
    VALUES[name]!(options, rest === "" ? next! : rest);
    return rest === "" ? 1 : 0;
  }
  return 0;
}
