import { KernelError } from "../../base/errno.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { field, type HttpHead, join } from "../../wire/http.js";
import { type HttpUrl, hostField, parseUrl, redirected } from "../net/url.js";
import { steppedTool } from "../tool-exit.js";
import { METER_HEADING, meterLine } from "./meter.js";
import { type CurlOptions, parseCurl } from "./options.js";
import { CurlError, closes, type TransferSink, transfer } from "./transfer.js";
import { noFacts, type TransferFacts, writeOut } from "./write-out.js";

/** curl 7.88.1 for http: one connection for each request. */
export const curl: Program = steppedTool(function* (process) {
  const options = parseCurl(process.argv);
  let status = 0;
  for (const [i, text] of options.urls.entries())
    status = yield* fetchOne(process, options, text, options.outputs[i], i);
  return status;
});

/** What the user sees of one URL's transfer: meter, verbose lines, the body and where it goes. */
class Display implements TransferSink {
  private expected = 0;
  private dataShown = false;
  private written: Uint8Array = new Uint8Array(0);
  readonly meter: boolean;
  private readonly startedAt: number;

  constructor(
    private readonly process: Process,
    private readonly options: CurlOptions,
    readonly file: string | undefined,
    private readonly facts: TransferFacts,
  ) {
    this.meter = !options.silent && (!process.tty || file !== undefined);
    this.startedAt = process.host.world.scheduler.now;
  }

  begin(first: boolean): void {
    if (!this.meter) return;
    if (first) this.process.stderr.write(METER_HEADING);
    this.line();
  }

  line(): void {
    if (!this.meter) return;
    const { downloaded, uploaded } = this.facts;
    const elapsed = this.process.host.world.scheduler.now - this.startedAt;
    this.process.stderr.write(
      meterLine({ expected: this.expected, received: downloaded, toSend: uploaded, sent: uploaded, elapsed }),
    );
  }

  /** The last state of the meter. */
  end(): void {
    this.line();
    if (this.meter) this.process.stderr.write("\n");
  }

  info(line: string): void {
    this.dataShown = false;
    if (this.options.verbose) this.process.stderr.write(`* ${line}\n`);
  }

  head(mark: ">" | "<", text: string): void {
    this.dataShown = false;
    if (this.options.verbose) {
      const lines = text.split("\r\n").slice(0, -1);
      this.process.stderr.write(lines.map((line) => `${mark} ${line}\r\n`).join(""));
    }
    if (mark === "<" && (this.options.include || this.options.head))
      this.body(new TextEncoder().encode(text));
  }

  data(mark: "{" | "}", size: number): void {
    if (!this.options.verbose || this.dataShown || (this.process.tty && this.file === undefined)) return;
    this.process.stderr.write(`${mark} [${size} bytes data]\n`);
    this.dataShown = true;
  }

  expect(length: number): void {
    this.expected = length;
  }

  body(bytes: Uint8Array): void {
    if (this.file === undefined || this.file === "-")
      this.process.stdout.write(new TextDecoder().decode(bytes));
    else if (this.file !== "/dev/null") this.written = join(this.written, bytes);
  }

  /** Stores what was gathered for a file. */
  save(): void {
    if (this.file === undefined || this.file === "-" || this.file === "/dev/null") return;
    try {
      this.process.files.write(this.file, this.written);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (!this.options.silent)
        this.process.stderr.write(`Warning: Failed to open the file ${this.file}: ${error.message}\n`);
      throw new CurlError(23, "Failure writing output to destination");
    }
  }
}

function checked(text: string): HttpUrl {
  const url = parseUrl(text);
  if (url === null) throw new CurlError(3, "URL using bad/illegal format or missing URL");
  if (url.scheme === "http") return url;
  if (url.scheme === "https") throw new CurlError(1, 'Protocol "https" is not supported here');
  throw new CurlError(1, `Protocol "${url.scheme}" not supported or disabled in libcurl`);
}

function* fetchOne(
  process: Process,
  options: CurlOptions,
  text: string,
  output: string | null | undefined,
  index: number,
): Steps<number> {
  const facts = noFacts(text);
  const startedAt = process.host.world.scheduler.now;
  let display: Display | null = null;
  try {
    const url = checked(text);
    facts.url = `${url.scheme}://${hostField(url)}${url.target}`;
    display = new Display(process, options, fileFor(process, options, url, output), facts);
    display.begin(index === 0);
    yield* follow(process, options, url, facts, display, index);
    display.save();
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    facts.exitCode = error.code;
    facts.error = error.message;
    if (display !== null) reportFailure(display, error, index);
    if (!options.silent || options.showError)
      process.stderr.write(`curl: (${error.code}) ${error.message}\n`);
  }
  facts.total = process.host.world.scheduler.now - startedAt;
  process.stdout.write(writeOut(options.writeOut, facts, (line) => process.stderr.write(line)));
  return facts.exitCode;
}

function reportFailure(display: Display, error: CurlError, index: number): void {
  display.info(error.message);
  if (error.code !== 6) display.end();
  display.info(`Closing connection ${index}`);
}

/** The file of `-o NAME` or `-O`; undefined for standard output. */
function fileFor(
  process: Process,
  options: CurlOptions,
  url: HttpUrl,
  output: string | null | undefined,
): string | undefined {
  if (output !== null) return output;
  const name = url.target.split("?")[0]!.split("/").pop() ?? "";
  if (name !== "") return name;
  if (!options.silent) process.stderr.write("curl: Remote file name has no length!\n");
  throw new CurlError(23, "Failed writing received data to disk/application");
}

/** The exchange with a URL, and with those that it redirects to (`-L`). */
function* follow(
  process: Process,
  options: CurlOptions,
  first: HttpUrl,
  facts: TransferFacts,
  display: Display,
  index: number,
): Steps<void> {
  let url = first;
  let current = options;
  const known = new Set<string>();
  for (let number = index; ; number++) {
    facts.downloaded = 0;
    const startedAt = process.host.world.scheduler.now;
    const again = known.has(url.host);
    known.add(url.host);
    const head = yield* transfer({
      process,
      options: current,
      url,
      facts,
      sink: display,
      startedAt,
      number,
      again,
    });
    const location = field(head.fields, "Location");
    const moves = options.follow && location !== undefined && facts.httpCode >= 300 && facts.httpCode < 400;
    if (!moves) display.end();
    display.info(ending(head, url, number));
    if (!moves) return;
    if (facts.redirects >= options.maxRedirects)
      throw new CurlError(47, `Maximum (${options.maxRedirects}) redirects followed`);
    facts.redirects++;
    const next = redirected(url, location);
    display.info(`Issue another request to this URL: '${next}'`);
    url = checked(next);
    facts.url = next;
    if (facts.httpCode <= 303 && current.data !== null) current = { ...current, data: null };
  }
}

function ending(head: HttpHead, url: HttpUrl, number: number): string {
  return closes(head)
    ? `Closing connection ${number}`
    : `Connection #${number} to host ${url.host} left intact`;
}
