import { type OptionTable, readLongOptions } from "../net/long-options.js";
import { ToolExit } from "../tool-exit.js";

/** What a wget command line asks for. */
export interface WgetOptions {
  readonly urls: readonly string[];
  /** -q, -nv or neither. */
  verbosity: "quiet" | "short" | "verbose";
  /** -O. */
  file: string | null;
  directory: string | null;
  serverResponse: boolean;
  spider: boolean;
  /** Seconds that a connect or a read may take; 0 for no limit. */
  timeout: number;
  /** 0: for ever. */
  tries: number;
  readonly fields: (readonly [name: string, value: string])[];
  postData: string | null;
  agent: string;
}

export const WGET_USAGE = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

const TABLE: OptionTable = {
  long: {
    quiet: false,
    verbose: false,
    "no-verbose": false,
    no: true,
    "output-document": true,
    "directory-prefix": true,
    "server-response": false,
    spider: false,
    timeout: true,
    tries: true,
    header: true,
    "post-data": true,
    "user-agent": true,
    "inet4-only": false,
    version: false,
    help: false,
    continue: false,
    background: false,
    recursive: false,
    timestamping: false,
    mirror: false,
    "page-requisites": false,
    "convert-links": false,
    "output-file": true,
    "append-output": true,
    "input-file": true,
    wait: true,
    level: true,
    quota: true,
    "post-file": true,
    method: true,
    "body-data": true,
    user: true,
    password: true,
    referer: true,
    "no-check-certificate": false,
    "content-disposition": false,
    "limit-rate": true,
    "max-redirect": true,
    "bind-address": true,
    "retry-connrefused": false,
    progress: true,
    "show-progress": false,
    debug: false,
  },
  letters: {
    q: "quiet",
    v: "verbose",
    n: "no",
    O: "output-document",
    P: "directory-prefix",
    S: "server-response",
    T: "timeout",
    t: "tries",
    U: "user-agent",
    "4": "inet4-only",
    V: "version",
    h: "help",
    c: "continue",
    b: "background",
    r: "recursive",
    N: "timestamping",
    m: "mirror",
    p: "page-requisites",
    k: "convert-links",
    o: "output-file",
    a: "append-output",
    i: "input-file",
    w: "wait",
    l: "level",
    Q: "quota",
    d: "debug",
  },
};

/** Reads a command line; throws {@link ToolExit} in wget's words. */
export function parseWget(argv: readonly string[]): WgetOptions {
  const found = readLongOptions(argv.slice(1), TABLE, "wget");
  if ("refusal" in found) throw new ToolExit(2, found.refusal + WGET_USAGE);
  const options: WgetOptions = {
    urls: found.operands,
    verbosity: "verbose",
    file: null,
    directory: null,
    serverResponse: false,
    spider: false,
    timeout: 900,
    tries: 20,
    fields: [],
    postData: null,
    agent: "Wget/1.21.3",
  };
  for (const [name, value] of found.options) set(options, name, value);
  if (options.urls.length === 0) throw new ToolExit(1, `wget: missing URL\n${WGET_USAGE}`);
  return options;
}

function set(options: WgetOptions, name: string, value: string): void {
  switch (name) {
    case "quiet":
      options.verbosity = "quiet";
      return;
    case "verbose":
      options.verbosity = "verbose";
      return;
    case "no-verbose":
      options.verbosity = "short";
      return;
    case "no":
      if (value !== "v") throw new ToolExit(2, `wget: option -n${value} is not supported here\n`);
      options.verbosity = "short";
      return;
    case "server-response":
      options.serverResponse = true;
      return;
    case "spider":
      options.spider = true;
      return;
    case "output-document":
      options.file = value;
      return;
    case "directory-prefix":
      options.directory = value;
      return;
    case "timeout":
      options.timeout = period(value);
      return;
    case "tries":
      options.tries = value === "inf" ? 0 : Number.parseInt(value, 10) || 0;
      return;
    case "header":
      options.fields.push(fieldOf(value));
      return;
    case "post-data":
      options.postData = value;
      return;
    case "user-agent":
      options.agent = value;
      return;
    // All addresses are IPv4 here.
    case "inet4-only":
      return;
    case "version":
      throw new ToolExit(0, "", "GNU Wget 1.21.3 built on linux-gnu.\n");
    default:
      throw new ToolExit(2, `wget: option --${name} is not supported here\n`);
  }
}

function period(value: string): number {
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhdw]?)$/.exec(value);
  if (match === null) throw new ToolExit(2, `wget: --timeout: Invalid time period ‘${value}’\n`);
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  return Number(match[1]) * (units[match[2]!] ?? 1);
}

function fieldOf(value: string): [string, string] {
  const match = /^([^:\s]+)\s*:\s*(.*)$/.exec(value);
  if (match === null) throw new ToolExit(2, `wget: --header: Invalid header ‘${value}’.\n`);
  return [match[1]!, match[2]!];
}
