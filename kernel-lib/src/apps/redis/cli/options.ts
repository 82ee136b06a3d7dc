import { ToolExit } from "../../../tools/tool-exit.js";
import { utf8Bytes } from "../byte-text.js";
import type { OutputForm } from "./format.js";
import { USAGE } from "./usage.js";

/** What a redis-cli command line asks for. */
export interface CliOptions {
  host: string;
  port: number;
  database: number;
  password: string | null;
  user: string | null;
  /** The password is on the command line. */
  passwordShown: boolean;
  warns: boolean;
  repeat: number;
  /** Seconds between repetitions. */
  interval: number;
  /** Null: by what standard output is. */
  form: OutputForm | null;
  protocol: 2 | 3 | null;
  between: string;
  behind: string;
  /** -x: the last argument is standard input; -X: the argument of this name. */
  lastFromInput: boolean;
  taggedInput: string | null;
  /** -e: the exit status tells of an error reply. */
  failsByReply: boolean;
  quotedInput: boolean;
  scans: boolean;
  pattern: string;
  /** The command's words, as bytes. */
  readonly command: string[];
}

const REFUSED = new Set(
  (
    "-s -c --tls --sni --cacert --cacertdir --insecure --cert --key --tls-ciphers --tls-ciphersuites --askpass --stat --latency --latency-history --latency-dist --lru-test --replica " +
    "--slave --rdb --functions-rdb --pipe --pipe-timeout --bigkeys --memkeys --memkeys-samples --hotkeys --intrinsic-latency --eval --ldb --ldb-sync-mode --cluster --verbose " +
    "--quoted-pattern --show-pushes"
  ).split(" "),
);

function defaults(env: ReadonlyMap<string, string>): CliOptions {
  return {
    host: "127.0.0.1",
    port: 6379,
    database: 0,
    password: env.get("REDISCLI_AUTH") ?? null,
    user: null,
    passwordShown: false,
    warns: true,
    repeat: 1,
    interval: 0,
    form: null,
    protocol: null,
    between: "\n",
    behind: "\n",
    lastFromInput: false,
    taggedInput: null,
    failsByReply: false,
    quotedInput: false,
    scans: false,
    pattern: "*",
    command: [],
  };
}

/** Reads a command line; throws {@link ToolExit} in redis-cli's words. */
export function readCliOptions(argv: readonly string[], env: ReadonlyMap<string, string>): CliOptions {
  const options = defaults(env);
  let i = 1;
  for (; i < argv.length; i++) {
    const word = argv[i]!;
    if (!word.startsWith("-")) break;
    const value = argv[i + 1];
    if (setFlag(options, word)) continue;
    if (word === "-h" && value === undefined) throw new ToolExit(0, "", USAGE);
    if (value !== undefined && setValue(options, word, value)) {
      i++;
      continue;
    }
    if (REFUSED.has(word)) throw new ToolExit(1, `redis-cli: option ${word} is not supported here\n`);
    throw new ToolExit(1, `Unrecognized option or bad number of args for: '${word}'\n`);
  }
  options.command.push(...argv.slice(i).map(utf8Bytes));
  return options;
}

/** Options without a value. */
function setFlag(options: CliOptions, word: string): boolean {
  switch (word) {
    case "--help":
    case "-?":
      throw new ToolExit(0, "", USAGE);
    case "-v":
    case "--version":
      throw new ToolExit(0, "", "redis-cli 7.0.15\n");
    case "--raw":
      options.form = "raw";
      break;
    case "--no-raw":
      options.form = "standard";
      break;
    case "--csv":
      options.form = "csv";
      break;
    case "--json":
    case "--quoted-json":
      options.form = word === "--json" ? "json" : "quoted-json";
      options.protocol ??= 3;
      break;
    case "-2":
    case "-3":
      options.protocol = word === "-2" ? 2 : 3;
      break;
    case "-x":
      options.lastFromInput = true;
      break;
    case "-e":
      options.failsByReply = true;
      break;
    case "--no-auth-warning":
      options.warns = false;
      break;
    case "--quoted-input":
      options.quotedInput = true;
      break;
    case "--scan":
      options.scans = true;
      break;
    default:
      return false;
  }
  return true;
}

/** Options with a value. Numbers are read as atoi reads them. */
function setValue(options: CliOptions, word: string, value: string): boolean {
  const number = Number.parseInt(value, 10) || 0;
  switch (word) {
    case "-h":
      options.host = value;
      break;
    case "-p":
      if (number < 0)
        throw new ToolExit(
          1,
          `Could not connect to Redis at ${options.host}:${number}: Servname not supported for ai_socktype\n`,
        );
      options.port = number;
      break;
    case "-n":
      options.database = number;
      break;
    case "-a":
    case "--pass":
      options.password = value;
      options.passwordShown = true;
      break;
    case "--user":
      options.user = value;
      break;
    case "-u":
      readUri(options, value);
      break;
    case "-r":
      options.repeat = number < 0 ? Number.POSITIVE_INFINITY : number;
      break;
    case "-i":
      options.interval = Math.max(0, Number.parseFloat(value) || 0);
      break;
    case "-d":
      options.between = value;
      break;
    case "-D":
      options.behind = value;
      break;
    case "-X":
      options.taggedInput = value;
      break;
    case "--pattern":
      options.pattern = value;
      break;
    default:
      return false;
  }
  return true;
}

/** `redis://user:password@host:port/database`. */
function readUri(options: CliOptions, uri: string): void {
  const match = /^redis:\/\/(?:(?:([^:@/]*):)?([^@/]*)@)?([^:/]*)(?::(\d+))?(?:\/(\d+))?$/.exec(uri);
  if (match === null)
    throw new ToolExit(
      1,
      uri.startsWith("rediss:") ? "redis-cli: TLS is not supported here\n" : "Invalid URI scheme\n",
    );
  const [, user, password, host, port, database] = match;
  if (user) options.user = decodeURIComponent(user);
  if (password !== undefined) {
    options.password = decodeURIComponent(password);
    options.passwordShown = true;
  }
  if (host) options.host = host;
  if (port !== undefined) options.port = Number(port);
  if (database !== undefined) options.database = Number(database);
}
