import { formatIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { field, type HttpHead, join, responseBody } from "../../wire/http.js";
import { type OptionTable, readLongOptions } from "../net/long-options.js";
import { resolve } from "../net/resolve.js";
import { ResponseReader } from "../net/response.js";
import { connect, openSocket, sendAll } from "../net/stream.js";
import { type HttpUrl, hostField, parseUrl, redirected } from "../net/url.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { progressLine } from "./busybox-progress.js";
import { BUSYBOX_WGET_USAGE } from "./busybox-usage.js";

const TABLE: OptionTable = {
  long: {
    continue: false,
    quiet: false,
    spider: false,
    "server-response": false,
    "output-document": true,
    "output-file": true,
    "directory-prefix": true,
    header: true,
    "post-data": true,
    "post-file": true,
    "user-agent": true,
    timeout: true,
    tries: true,
    proxy: true,
    "no-check-certificate": false,
  },
  letters: {
    c: "continue",
    q: "quiet",
    S: "server-response",
    O: "output-document",
    o: "output-file",
    P: "directory-prefix",
    U: "user-agent",
    T: "timeout",
    t: "tries",
    Y: "proxy",
  },
};

/** Redirections that are followed (networking/wget.c). */
const MOST_REDIRECTIONS = 16;

interface Options {
  quiet: boolean;
  spider: boolean;
  response: boolean;
  file: string | null;
  directory: string | null;
  fields: string[];
  postData: string | null;
  agent: string;
  timeout: number;
  readonly urls: readonly string[];
}

function fail(text: string): ToolExit {
  return new ToolExit(1, `wget: ${text}\n`);
}

function readOptions(argv: readonly string[]): Options {
  const found = readLongOptions(argv.slice(1), TABLE, "wget");
  if ("refusal" in found) throw new ToolExit(1, found.refusal + BUSYBOX_WGET_USAGE);
  if (found.operands.length === 0) throw new ToolExit(1, BUSYBOX_WGET_USAGE);
  const options: Options = {
    quiet: false,
    spider: false,
    response: false,
    file: null,
    directory: null,
    fields: [],
    postData: null,
    agent: "Wget",
    timeout: 900,
    urls: found.operands,
  };
  for (const [name, value] of found.options) set(options, name, value);
  return options;
}

function set(options: Options, name: string, value: string): void {
  switch (name) {
    case "quiet":
      options.quiet = true;
      return;
    case "spider":
      options.spider = true;
      return;
    case "server-response":
      options.response = true;
      return;
    case "output-document":
      options.file = value;
      return;
    case "directory-prefix":
      options.directory = value;
      return;
    case "header":
      options.fields.push(value);
      return;
    case "post-data":
      options.postData = value;
      return;
    case "user-agent":
      options.agent = value;
      return;
    case "timeout":
      if (!/^\d+$/.test(value)) throw fail(`invalid number '${value}'`);
      options.timeout = Number(value);
      return;
    default:
      throw fail(`option --${name} is not supported here`);
  }
}

/** `wget` of busybox 1.35 for http, standard error no terminal. Its -T limits the connect and each read. */
export const busyboxWget: Program = steppedTool(function* (process) {
  const options = readOptions(process.argv);
  for (const url of options.urls) yield* fetchUrl(process, options, url);
  return 0;
});

function checked(text: string): HttpUrl {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase() ?? "http";
  if (scheme === "https" || scheme === "ftp") throw fail(`${scheme} is not supported here`);
  if (scheme !== "http") throw fail(`not an http or ftp url: ${text}`);
  const port = /^(?:http:\/\/)?[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(text)?.[1];
  if (port !== undefined && Number(port) > 65535) throw fail(`bad port '${port}'`);
  const url = parseUrl(text);
  if (url === null) throw fail(`bad address '${/^(?:http:\/\/)?([^/?#:]*)/i.exec(text)![1]}'`);
  return url;
}

/** Where the body goes: `-` for standard output, else what the URL's path ends with. */
function fileOf(options: Options, url: HttpUrl): { readonly path: string; readonly name: string } {
  if (options.file !== null) return { path: options.file, name: options.file.split("/").pop()! };
  const last = url.target.split("/").pop()!;
  const name = last === "" ? "index.html" : last;
  return { path: options.directory === null ? name : `${options.directory}/${name}`, name };
}

function* fetchUrl(process: Process, options: Options, text: string): Steps<void> {
  let url = checked(text);
  const file = fileOf(options, url);
  let connected = "";
  for (let redirections = 0; ; ) {
    const socket = openSocket(process);
    try {
      const peer = `${url.host}:${url.port}`;
      yield* reach(process, options, url, socket, connected !== peer);
      connected = peer;
      const reader = new ResponseReader(process, socket, seconds(options.timeout));
      const { head, rest } = yield* exchange(process, options, url, socket, reader);
      const location = /^HTTP\/\d\.\d 30[1-378]/.test(head.first)
        ? field(head.fields, "Location")
        : undefined;
      if (location === undefined) {
        yield* store(process, options, reader, head, rest, file);
        return;
      }
      if (++redirections > MOST_REDIRECTIONS) throw fail("too many redirections");
      const next = redirected(url, location);
      url = checked(next);
      if (!location.startsWith("/") && /^[a-z]+:/i.test(location)) connected = "";
    } finally {
      socket.close();
    }
  }
}

/** Resolves and connects. A redirection within the server is not announced again. */
function* reach(
  process: Process,
  options: Options,
  url: HttpUrl,
  socket: TcpSocket,
  announced: boolean,
): Steps<void> {
  const [address] = yield* resolve(process, url.host);
  if (address === undefined) throw fail(`bad address '${url.host}'`);
  if (announced && !options.quiet)
    process.stderr.write(`Connecting to ${hostField(url)} (${formatIpv4(address)}:${url.port})\n`);
  const { now } = process.host.world.scheduler;
  try {
    yield* connect(process, socket, address, url.port, now + seconds(options.timeout));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.errno === "ETIMEDOUT") throw fail("download timed out");
    throw fail(`can't connect to remote host (${formatIpv4(address)}): ${error.message}`);
  }
}

function requestText(options: Options, url: HttpUrl): string {
  const given = (name: string) => options.fields.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const lines = [
    `${options.spider ? "HEAD" : options.postData === null ? "GET" : "POST"} ${url.target} HTTP/1.1`,
  ];
  if (!given("host")) lines.push(`Host: ${hostField(url)}`);
  if (!given("user-agent")) lines.push(`User-Agent: ${options.agent}`);
  lines.push("Connection: close");
  if (url.credentials !== "") lines.push(`Authorization: Basic ${btoa(url.credentials)}`);
  lines.push(...options.fields);
  if (options.postData !== null) {
    lines.push("Content-Type: application/x-www-form-urlencoded");
    lines.push(`Content-Length: ${new TextEncoder().encode(options.postData).length}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n${options.postData ?? ""}`;
}

/** Sends the request and reads the head. A status that is no success ends the program with its words. */
function* exchange(
  process: Process,
  options: Options,
  url: HttpUrl,
  socket: TcpSocket,
  reader: ResponseReader,
): Steps<{ head: HttpHead; rest: Uint8Array }> {
  try {
    yield* sendAll(process, socket, new TextEncoder().encode(requestText(options, url)));
    let outcome = yield* reader.head();
    while (outcome.kind === "head" && / 100( |$)/.test(outcome.head.first))
      outcome = yield* reader.head(outcome.rest);
    if (outcome.kind !== "head") throw fail("error getting response");
    const { head } = outcome;
    const status = Number(/^HTTP\/\S+ +(\d{3})/.exec(head.first)?.[1] ?? 0);
    if (options.response) process.stderr.write(`  ${head.first}\n`);
    if (status < 200 || status >= 400 || status === 304) throw fail(`server returned error: ${head.first}`);
    if (options.response) {
      const lines = head.fields.map(([name, value]) => `  ${name}: ${value}\n`);
      process.stderr.write(`${lines.join("")}  \n`);
    }
    return outcome;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw fail(error.errno === "ETIMEDOUT" ? "download timed out" : "error getting response");
  }
}

function* store(
  process: Process,
  options: Options,
  reader: ResponseReader,
  head: HttpHead,
  rest: Uint8Array,
  { path, name }: { readonly path: string; readonly name: string },
): Steps<void> {
  const say = (line: string) => {
    if (!options.quiet) process.stderr.write(line);
  };
  if (options.spider) {
    say("remote file exists\n");
    return;
  }
  const status = Number(head.first.split(" ")[1]);
  const length = responseBody(head.fields, status, "GET");
  if (length === null) throw fail(`content-length ${field(head.fields, "Content-Length")} is garbage`);
  const toStdout = path === "-";
  if (!toStdout) open(process, options, path);
  say(toStdout ? "writing to stdout\n" : `saving to '${path}'\n`);
  const meter = new Meter(process, name, length.kind === "length" ? length.length : 0, say);
  let body: Uint8Array = new Uint8Array(0);
  const take = (bytes: Uint8Array) => {
    meter.received += bytes.length;
    if (toStdout) process.stdout.write(new TextDecoder().decode(bytes));
    else body = join(body, bytes);
    meter.update();
  };
  const whole = yield* readBody(reader.body(length, rest, take));
  if (!toStdout) process.files.write(path, body);
  if (!whole) throw fail("connection closed prematurely");
  meter.finish();
  say(toStdout ? "written to stdout\n" : `'${path}' saved\n`);
}

function* readBody(steps: Steps<boolean>): Steps<boolean> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw fail(
      error.errno === "ETIMEDOUT" ? "download timed out" : `error getting response: ${error.message}`,
    );
  }
}

/** A file that is named by the URL must not exist yet; one named by -O is overwritten. */
function open(process: Process, options: Options, path: string): void {
  const { files } = process;
  if (options.file === null && files.exists(path)) throw fail(`can't open '${path}': File exists`);
  try {
    files.write(path, "");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw fail(`can't open '${path}': ${error.message}`);
  }
}

/** The meter: a line each second while the length is known, and one at the end. Between, a body of unknown length prints none. */
class Meter {
  received = 0;
  private readonly startedAt: number;
  private shownAt: number;

  constructor(
    private readonly process: Process,
    private readonly name: string,
    private readonly total: number,
    private readonly say: (line: string) => void,
  ) {
    this.startedAt = process.host.world.scheduler.now;
    this.shownAt = this.startedAt;
  }

  update(): void {
    const { now } = this.process.host.world.scheduler;
    if (this.total === 0 || this.received >= this.total || now - this.shownAt < seconds(1)) return;
    this.shownAt = now;
    this.say(progressLine(this.name, this.received, this.total, now - this.startedAt));
  }

  finish(): void {
    if (this.received > 0) this.say(progressLine(this.name, this.received, this.received, 0));
  }
}
