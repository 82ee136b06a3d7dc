import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { sleep } from "../../host/waits.js";
import { field, join } from "../../wire/http.js";
import { type HttpUrl, hostField, parseUrl, redirected } from "../net/url.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { type Attempt, attempt, type Destination } from "./attempt.js";
import { KeptConnection } from "./connection.js";
import { WgetLog } from "./log.js";
import { parseWget, type WgetOptions } from "./options.js";
import { humanReadable, rateText, secondsText, wallTime } from "./sizes.js";

/** Exit statuses (wget(1)). */
const GENERIC = 1;
const FILE_ERROR = 3;
const NETWORK_FAILURE = 4;
const SERVER_ERROR = 8;
/** Redirections that are followed (--max-redirect). */
const MOST_REDIRECTIONS = 20;
/** Longest wait between two tries, in seconds; it grows by one with each (--waitretry). */
const LONGEST_WAIT = 10;

interface Session {
  readonly process: Process;
  readonly options: WgetOptions;
  readonly log: WgetLog;
  readonly kept: KeptConnection;
  files: number;
  bytes: number;
  downloadTime: number;
}

/**
 * GNU wget 1.21.3 for http in the C locale, standard error no terminal. A second try asks for the whole file again: it sends no Range.
 */
export const wget: Program = steppedTool(function* (process) {
  const options = parseWget(process.argv);
  const log = new WgetLog(process, options.verbosity);
  const kept = new KeptConnection(process, log, options.timeout);
  const session: Session = { process, options, log, kept, files: 0, bytes: 0, downloadTime: 0 };
  const startedAt = process.host.world.scheduler.now;
  if (options.file !== null && options.file !== "-") truncate(process, options.file);
  let status = 0;
  try {
    for (const text of options.urls) {
      const next = yield* retrieve(session, text);
      if (next !== 0 && (status === 0 || next < status)) status = next;
    }
  } finally {
    kept.close();
  }
  if (options.urls.length > 1 && session.bytes > 0) {
    const wall = wallTime(process.host.world.scheduler.now - startedAt);
    const rate = rateText(session.bytes, session.downloadTime);
    log.notQuiet(
      `FINISHED --${log.time}--\nTotal wall clock time: ${wall}\nDownloaded: ${session.files} files, ${humanReadable(session.bytes)} in ${secondsText(session.downloadTime)}s (${rate})\n`,
    );
  }
  return status;
});

function truncate(process: Process, path: string): void {
  try {
    process.files.write(path, "");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ToolExit(GENERIC, `${path}: ${error.message}\n`);
  }
}

/** One URL of the command line, with the redirections that it leads to. */
function* retrieve(session: Session, text: string): Steps<number> {
  let url = checked(session, text);
  const destination = new FileOrStdout(session, url?.target ?? "/");
  for (let redirections = 0; url !== null; ) {
    const result = yield* tryOften(session, url, destination);
    if (typeof result === "number") return result;
    if (++redirections > MOST_REDIRECTIONS) {
      session.log.notQuiet(`${MOST_REDIRECTIONS} redirections exceeded.\n`);
      return SERVER_ERROR;
    }
    url = checked(session, redirected(url, result.location));
  }
  return GENERIC;
}

function checked({ log }: Session, text: string): HttpUrl | null {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase() ?? "http";
  const url = parseUrl(text);
  const port = /^(?:http:\/\/)?[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(text)?.[1];
  let reason = "";
  if (scheme === "https" || scheme === "ftp") reason = `${scheme} is not supported here.`;
  else if (scheme !== "http") reason = `Unsupported scheme ‘${scheme}’.`;
  else if (port !== undefined && Number(port) > 65535) reason = "Bad port number.";
  else if (url === null) reason = "Invalid host name.";
  if (reason === "") return url;
  log.notQuiet(`${text}: ${reason}\n`);
  return null;
}

/** Tries a URL until it is settled: its exit status, or where it has moved (http_loop). */
function* tryOften(
  session: Session,
  url: HttpUrl,
  destination: FileOrStdout,
): Steps<number | { readonly location: string }> {
  const { process, options, log, kept } = session;
  const shown = `http://${hostField(url)}${url.target}`;
  if (options.spider) log.verbose("Spider mode enabled. Check if remote file exists.\n");
  for (let count = 1; ; count++) {
    log.verbose(`--${log.time}--  ${count > 1 ? `(try:${String(count).padStart(2)})  ` : ""}${shown}\n`);
    const result = yield* attempt({ process, options, log, kept, url, destination });
    if (result.kind === "moved") return { location: field(result.head.fields, "Location")! };
    const again = result.kind === "broken" || (result.kind === "saved" && !result.whole);
    if (result.kind === "saved" && !result.whole)
      log.verbose(`${log.time} (${rateOfAttempt(result)}) - Connection closed at byte ${result.received}. `);
    if (!again) return settle(session, result, shown, destination, count);
    const last = options.tries > 0 && count >= options.tries;
    log.verbose(last ? "Giving up.\n\n" : "Retrying.\n\n");
    if (last) return NETWORK_FAILURE;
    yield* sleep(process, seconds(Math.min(count, LONGEST_WAIT)));
  }
}

type Saved = Extract<Attempt, { kind: "saved" }>;

function rateOfAttempt({ received, elapsed }: Saved): string {
  return received === 0 ? "0.00 B/s" : rateText(received, elapsed);
}

/** Says how it ended; gives the exit status. */
function settle(
  session: Session,
  result: Attempt,
  shown: string,
  destination: FileOrStdout,
  count: number,
): number {
  const { log, options } = session;
  switch (result.kind) {
    case "unwritable":
      return FILE_ERROR;
    case "refused":
      if (!log.isVerbose) log.notQuiet(`${shown}:\n`);
      if (options.spider) log.notQuiet("Remote file does not exist -- broken link!!!\n");
      else log.notQuiet(`${log.time} ERROR ${result.status}: ${result.text}.\n`);
      log.verbose("\n");
      return SERVER_ERROR;
    case "seen":
      saySeen(log, result, shown);
      return 0;
    case "saved":
      saySaved(session, result, shown, destination, count);
      return 0;
    default:
      return NETWORK_FAILURE;
  }
}

function saySeen(log: WgetLog, { head }: Extract<Attempt, { kind: "seen" | "moved" }>, shown: string): void {
  const text = /^\S+ +(.*)$/.exec(head.first)?.[1] ?? "";
  const links = (field(head.fields, "Content-Type") ?? "").startsWith("text/html");
  if (!log.isVerbose) log.notQuiet(`${log.time} URL: ${shown} ${text}\n`);
  else if (!links) log.verbose("Remote file exists.\n\n");
  else
    log.verbose(
      "Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n",
    );
}

function saySaved(
  session: Session,
  result: Saved,
  shown: string,
  { name, isStdout }: FileOrStdout,
  count: number,
): void {
  const { log } = session;
  const amount = `[${result.received}${result.expected === null ? "" : `/${result.expected}`}]`;
  session.files++;
  session.bytes += result.received;
  session.downloadTime += result.elapsed;
  if (!log.isVerbose) log.notQuiet(`${log.time} URL:${shown} ${amount} -> "${name}" [${count}]\n`);
  const where = isStdout ? "written to stdout" : `‘${name}’ saved`;
  log.verbose(`${log.time} (${rateOfAttempt(result)}) - ${where} ${amount}\n\n`);
}

/** `-O NAME`, standard output, or a file named by the URL: with a number behind it when that name is taken. */
class FileOrStdout implements Destination {
  readonly isStdout: boolean;
  private chosen = "";
  private gathered: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly session: Session,
    private readonly target: string,
  ) {
    this.isStdout = session.options.file === "-";
  }

  get name(): string {
    return this.session.options.file ?? this.chosen;
  }

  begin(): string | null {
    const { process, options } = this.session;
    if (options.file !== null) return null;
    const { files } = process;
    const last = this.target.split("/").pop()!;
    const base = last === "" || last.startsWith("?") ? `index.html${last}` : last;
    const path = options.directory === null ? base : `${options.directory}/${base}`;
    this.chosen = path;
    for (let i = 1; files.exists(this.chosen); i++) this.chosen = `${path}.${i}`;
    this.gathered = new Uint8Array(0);
    let directoryError = "";
    try {
      if (options.directory !== null && !files.exists(options.directory)) {
        directoryError = `${options.directory}: `;
        files.mkdir(options.directory, { recursive: true });
        directoryError = "";
      }
      files.write(this.chosen, "");
      return null;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      const { message } = error;
      const first = directoryError === "" ? "" : `${directoryError}${message}\n`;
      return `${first}${this.chosen}: ${message}\n\nCannot write to ‘${this.chosen}’ (${message}).\n`;
    }
  }

  write(bytes: Uint8Array): void {
    if (this.isStdout) this.session.process.stdout.write(new TextDecoder().decode(bytes));
    else this.gathered = join(this.gathered, bytes);
  }

  /** With -O all bodies go to one file, one behind the other. */
  end(): void {
    if (this.isStdout) return;
    const { files } = this.session.process;
    const { file } = this.session.options;
    const before =
      file !== null && files.exists(file) && file !== "/dev/null" ? files.readBytes(file) : new Uint8Array(0);
    files.write(this.name, join(before, this.gathered));
    this.gathered = new Uint8Array(0);
  }
}
