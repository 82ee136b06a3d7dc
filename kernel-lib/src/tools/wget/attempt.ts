import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { type BodyLength, field, type HttpHead, responseBody } from "../../wire/http.js";
import { type HeadOutcome, ResponseReader } from "../net/response.js";
import { sendAll } from "../net/stream.js";
import { type HttpUrl, hostField } from "../net/url.js";
import type { KeptConnection } from "./connection.js";
import { DotProgress } from "./dot-progress.js";
import type { WgetLog } from "./log.js";
import type { WgetOptions } from "./options.js";
import { humanReadable } from "./sizes.js";

/** Where a body goes. */
export interface Destination {
  /** As messages name it. */
  readonly name: string;
  readonly isStdout: boolean;
  /** Makes the file ready; the words of the refusal when that fails. */
  begin(): string | null;
  write(bytes: Uint8Array): void;
  end(): void;
}

/** How one request ended. */
export type Attempt =
  | {
      readonly kind: "saved";
      readonly head: HttpHead;
      readonly received: number;
      readonly expected: number | null;
      readonly whole: boolean;
      readonly elapsed: Nanoseconds;
    }
  | { readonly kind: "seen" | "moved"; readonly head: HttpHead }
  | { readonly kind: "refused"; readonly status: number; readonly text: string }
  | { readonly kind: "unwritable" }
  /** Worth another try; the words are said. */
  | { readonly kind: "broken" }
  | { readonly kind: "unreachable" };

export interface Request {
  readonly process: Process;
  readonly options: WgetOptions;
  readonly log: WgetLog;
  readonly kept: KeptConnection;
  readonly url: HttpUrl;
  readonly destination: Destination;
}

/** One request of the server and its response (gethttp). */
export function* attempt(request: Request): Steps<Attempt> {
  const { process, options, log, kept, url } = request;
  const socket = yield* kept.to(url);
  if (socket === null) return { kind: "unreachable" };
  if (socket === "retry") return { kind: "broken" };
  let done = false;
  try {
    log.verbose("HTTP request sent, awaiting response... ");
    const reader = new ResponseReader(process, socket, seconds(options.timeout));
    const outcome = yield* askFor(request, socket, reader);
    if (outcome === null) return { kind: "broken" };
    const result = yield* answer(request, reader, outcome);
    done = outcome.kind === "head" && staysOpen(outcome.head, result);
    if (done) kept.keep(socket, url);
    return result;
  } finally {
    if (!done) socket.close();
  }
}

/** The request's head. Fields of the user's replace those with the same name and else come last. */
function requestText({ options, url }: Request): string {
  const fields: [string, string][] = [
    ["Host", hostField(url)],
    ["User-Agent", options.agent],
    ["Accept", "*/*"],
    ["Accept-Encoding", "identity"],
    ["Connection", "Keep-Alive"],
  ];
  if (url.credentials !== "") fields.push(["Authorization", `Basic ${btoa(url.credentials)}`]);
  if (options.postData !== null) {
    fields.push(["Content-Type", "application/x-www-form-urlencoded"]);
    fields.push(["Content-Length", String(new TextEncoder().encode(options.postData).length)]);
  }
  for (const [name, value] of options.fields) {
    const same = fields.find(([other]) => other.toLowerCase() === name.toLowerCase());
    if (same === undefined) fields.push([name, value]);
    else [same[0], same[1]] = [name, value];
  }
  const method = options.spider ? "HEAD" : options.postData === null ? "GET" : "POST";
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${url.target} HTTP/1.1\r\n${lines.join("")}\r\n${options.postData ?? ""}`;
}

/** Sends the request and reads the head; null when the connection broke, which it has said then. */
function* askFor(request: Request, socket: TcpSocket, reader: ResponseReader): Steps<HeadOutcome | null> {
  const { process, log } = request;
  try {
    yield* sendAll(process, socket, new TextEncoder().encode(requestText(request)));
    const outcome = yield* reader.head();
    if (outcome.kind !== "closed") return outcome;
    log.notQuiet("No data received.\n");
    return null;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    log.notQuiet(`Read error (${error.message}) in headers.\n`);
    return null;
  }
}

/** What the status says: the body is read for a success only. */
function* answer(request: Request, reader: ResponseReader, outcome: HeadOutcome): Steps<Attempt> {
  const { log, options } = request;
  const head: HttpHead =
    outcome.kind === "head"
      ? outcome.head
      : { first: "HTTP/0.9 200 No headers, assuming HTTP/0.9", fields: [], length: 0 };
  const [, code = "", text = ""] = /^\S+ +(\d+) ?(.*)$/.exec(head.first) ?? [];
  const status = Number(code);
  if (options.serverResponse) sayResponse(log, head);
  else log.verbose(`${code} ${text}\n`);
  const location = field(head.fields, "Location");
  if ([300, 301, 302, 303, 307, 308].includes(status) && location !== undefined) {
    log.verbose(`Location: ${location} [following]\n`);
    return { kind: "moved", head };
  }
  if (status === 204) return { kind: "saved", head, received: 0, expected: null, whole: true, elapsed: 0 };
  if (status < 200 || status >= 300) return { kind: "refused", status, text };
  const length = responseBody(head.fields, status, "GET") ?? { kind: "close" };
  log.verbose(`${lengthLine(length, field(head.fields, "Content-Type"))}\n`);
  if (options.spider) return { kind: "seen", head };
  return yield* save(request, reader, head, length, outcome.rest);
}

function sayResponse(log: WgetLog, head: HttpHead): void {
  log.verbose("\n");
  for (const line of [head.first, ...head.fields.map(([name, value]) => `${name}: ${value}`)])
    log.always(`  ${line}\n`);
}

function lengthLine(length: BodyLength, type: string | undefined): string {
  const kind = type === undefined ? "" : ` [${type.split(";")[0]!.trim()}]`;
  if (length.kind !== "length") return `Length: unspecified${kind}`;
  const human = length.length > 1024 ? ` (${humanReadable(length.length)})` : "";
  return `Length: ${length.length}${human}${kind}`;
}

function* save(
  { process, log, destination }: Request,
  reader: ResponseReader,
  head: HttpHead,
  length: BodyLength,
  rest: Uint8Array,
): Steps<Attempt> {
  const refusal = destination.begin();
  if (refusal !== null) {
    log.notQuiet(refusal);
    return { kind: "unwritable" };
  }
  log.verbose(`Saving to: ‘${destination.isStdout ? "STDOUT" : destination.name}’\n`);
  const expected = length.kind === "length" ? length.length : null;
  const dots = new DotProgress(expected ?? 0, (text) => log.verbose(text));
  const { scheduler } = process.host.world;
  const startedAt = scheduler.now;
  let received = 0;
  const take = (bytes: Uint8Array) => {
    received += bytes.length;
    destination.write(bytes);
    dots.update(bytes.length, scheduler.now - startedAt);
  };
  let whole = false;
  try {
    whole = yield* reader.body(length, rest, take);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
  const elapsed = scheduler.now - startedAt;
  dots.finish(elapsed);
  destination.end();
  return { kind: "saved", head, received, expected, whole, elapsed };
}

function staysOpen(head: HttpHead, result: Attempt): boolean {
  const connection = (field(head.fields, "Connection") ?? "").toLowerCase();
  const kept = head.first.startsWith("HTTP/1.1") ? connection !== "close" : connection === "keep-alive";
  if (!kept) return false;
  if (result.kind === "saved") return result.whole && result.expected !== null;
  return result.kind === "seen" || (result.kind === "moved" && field(head.fields, "Content-Length") === "0");
}
