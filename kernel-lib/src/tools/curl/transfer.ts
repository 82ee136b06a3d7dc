import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { beforeDeadline } from "../../host/waits.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import {
  type BodyLength,
  ChunkReader,
  field,
  type HttpHead,
  join,
  readHead,
  responseBody,
} from "../../wire/http.js";
import { resolve } from "../net/resolve.js";
import { connect, openSocket, receiveSome, sendAll } from "../net/stream.js";
import { type HttpUrl, hostField } from "../net/url.js";
import type { CurlOptions } from "./options.js";
import type { TransferFacts } from "./write-out.js";

/** A transfer that failed: libcurl's code and message. */
export class CurlError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Where a transfer reports: verbose lines and the body. */
export interface TransferSink {
  info(line: string): void;
  /** A head that went out (`>`) or came in (`<`), with its line ends. */
  head(mark: ">" | "<", text: string): void;
  /** `{ [24 bytes data]` or `} [3 bytes data]`. */
  data(mark: "{" | "}", size: number): void;
  body(bytes: Uint8Array): void;
  expect(length: number): void;
}

/** One request and its response. */
export interface Exchange {
  readonly process: Process;
  readonly options: CurlOptions;
  readonly url: HttpUrl;
  readonly facts: TransferFacts;
  readonly sink: TransferSink;
  readonly startedAt: Nanoseconds;
  readonly number: number;
  /** A request to this host came before: its addresses are known. */
  readonly again: boolean;
}

/** Runs one exchange. Gives the response's head. Throws {@link CurlError}. */
export function* transfer(exchange: Exchange): Steps<HttpHead> {
  const socket = openSocket(exchange.process);
  try {
    yield* reach(exchange, socket);
    const request = yield* sendRequest(exchange, socket);
    return yield* receiveResponse(exchange, socket, request);
  } finally {
    socket.close();
  }
}

function since({ process, startedAt }: Exchange): Nanoseconds {
  return process.host.world.scheduler.now - startedAt;
}

function milliseconds(exchange: Exchange): number {
  return Math.floor(since(exchange) / 1e6);
}

function deadline({ options, startedAt }: Exchange): Nanoseconds | null {
  return options.maxTime > 0 ? startedAt + seconds(options.maxTime) : null;
}

function* reach(exchange: Exchange, socket: TcpSocket): Steps<void> {
  const { process, options, url, facts, sink } = exchange;
  const limit = options.connectTimeout > 0 ? exchange.startedAt + seconds(options.connectTimeout) : null;
  const total = deadline(exchange);
  const until = limit === null ? total : total === null ? limit : Math.min(limit, total);
  const addresses = yield* beforeDeadline(process, until, resolve(process, url.host));
  if (addresses === null)
    throw new CurlError(28, `Resolving timed out after ${milliseconds(exchange)} milliseconds`);
  const [first] = addresses;
  if (first === undefined) throw new CurlError(6, `Could not resolve host: ${url.host}`);
  facts.resolvedAfter = since(exchange);
  if (exchange.again) sink.info(`Hostname ${url.host} was found in DNS cache`);
  const target = formatIpv4(first);
  sink.info(`  Trying ${target}:${url.port}...`);
  bindTo(exchange, socket);
  const before = process.host.world.scheduler.now;
  try {
    yield* connect(process, socket, first, url.port, until);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw refusal(exchange, error, target, until, before);
  }
  facts.connects++;
  facts.connectedAfter = since(exchange);
  facts.remoteAddress = first;
  facts.remotePort = url.port;
  facts.localAddress = socket.local.address;
  facts.localPort = socket.local.port;
  sink.info(`Connected to ${url.host} (${target}) port ${url.port} (#${exchange.number})`);
}

/** libcurl's words for a connect that failed. */
function refusal(
  exchange: Exchange,
  error: KernelError,
  target: string,
  until: Nanoseconds | null,
  before: Nanoseconds,
): CurlError {
  const { process, url, sink } = exchange;
  const { now } = process.host.world.scheduler;
  const failed = `Failed to connect to ${url.host} port ${url.port} after ${milliseconds(exchange)} ms`;
  const total = deadline(exchange);
  if (total !== null && now >= total)
    return new CurlError(28, `Connection timed out after ${milliseconds(exchange) + 1} milliseconds`);
  if (until !== null && now >= until) return new CurlError(28, `${failed}: Timeout was reached`);
  if (now === before) sink.info(`Immediate connect fail for ${target}: ${error.message}`);
  else sink.info(`connect to ${target} port ${url.port} failed: ${error.message}`);
  return new CurlError(7, `${failed}: Couldn't connect to server`);
}

/** `--interface`: a device's name or a local address; `--local-port`: the first free one of a range. */
function bindTo(exchange: Exchange, socket: TcpSocket): void {
  const { networkInterface: name, localPorts } = exchange.options;
  const address = name === null ? 0 : tryParseIpv4(name);
  const device = name === null ? undefined : exchange.process.netns.device(name);
  if (device !== undefined) socket.options.boundIndex = device.ifindex;
  else if (address === null) throw new CurlError(45, `Couldn't bind to '${name}'`);
  if (localPorts === null && (device !== undefined || name === null)) return;
  bindWithin(exchange, socket, device === undefined ? address! : 0, localPorts ?? [0, 0]);
}

function bindWithin(
  { sink }: Exchange,
  socket: TcpSocket,
  address: Ipv4,
  [first, last]: readonly [number, number],
): void {
  for (let port = first; ; port++) {
    try {
      socket.bind(address, port);
      if (port !== 0) sink.info(`Local port: ${port}`);
      return;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (error.errno !== "EADDRINUSE")
        throw new CurlError(45, `bind failed with errno 99: ${error.message}`);
      if (port === last) throw new CurlError(45, `bind failed with errno 98: ${error.message}`);
      sink.info(`Bind to local port ${port} failed, trying next`);
    }
  }
}

function methodOf(options: CurlOptions): string {
  if (options.method !== null) return options.method;
  if (options.head) return "HEAD";
  return options.data === null ? "GET" : "POST";
}

function requestText({ options, url }: Exchange): string {
  const given = options.fields.map((line) => line.split(":")[0]!.trim().toLowerCase());
  const lines = [`${methodOf(options)} ${url.target} HTTP/1.1`];
  const add = (name: string, value: string) => {
    if (!given.includes(name.toLowerCase())) lines.push(`${name}: ${value}`);
  };
  add("Host", hostField(url));
  const user = options.user ?? url.credentials;
  if (user !== "") add("Authorization", `Basic ${btoa(user)}`);
  if (options.agent !== "") add("User-Agent", options.agent);
  add("Accept", "*/*");
  for (const line of options.fields) {
    const [name = "", ...rest] = line.split(":");
    if (rest.join(":").trim() !== "") lines.push(`${name}: ${rest.join(":").trim()}`);
  }
  if (options.data !== null) {
    add("Content-Length", String(new TextEncoder().encode(options.data).length));
    add("Content-Type", "application/x-www-form-urlencoded");
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function* sendRequest(exchange: Exchange, socket: TcpSocket): Steps<string> {
  const { process, options, facts, sink } = exchange;
  const head = requestText(exchange);
  const body = new TextEncoder().encode(options.data ?? "");
  socket.options.noDelay = true;
  facts.sentAfter = since(exchange);
  yield* guarded(
    exchange,
    "Send",
    sendAll(process, socket, join(new TextEncoder().encode(head), body), deadline(exchange)),
  );
  facts.method = methodOf(options);
  facts.requestBytes = head.length + body.length;
  facts.uploaded = body.length;
  sink.head(">", head);
  if (body.length > 0) sink.data("}", body.length);
  return methodOf(options);
}

/** Runs a step of the exchange; a socket's error becomes libcurl's. */
function* guarded<T>(exchange: Exchange, what: "Send" | "Recv", steps: Steps<T>): Steps<T> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const until = deadline(exchange);
    if (until === null || exchange.process.host.world.scheduler.now < until) {
      throw new CurlError(what === "Send" ? 55 : 56, `${what} failure: ${error.message}`);
    }
    const { downloaded } = exchange.facts;
    throw new CurlError(
      28,
      `Operation timed out after ${milliseconds(exchange) + 1} milliseconds with ${downloaded} bytes received`,
    );
  }
}

function* receiveResponse(exchange: Exchange, socket: TcpSocket, method: string): Steps<HttpHead> {
  const { process, facts, sink } = exchange;
  let input: Uint8Array = new Uint8Array(0);
  for (;;) {
    const bytes = yield* guarded(exchange, "Recv", receiveSome(process, socket, deadline(exchange)));
    if (bytes.length === 0)
      throw input.length === 0
        ? new CurlError(52, "Empty reply from server")
        : new CurlError(56, "Recv failure: Connection reset by peer");
    if (facts.firstByteAfter === 0) facts.firstByteAfter = since(exchange);
    input = join(input, bytes);
    if (!"HTTP/".startsWith(new TextDecoder("latin1").decode(input.subarray(0, 5))))
      throw new CurlError(1, "Received HTTP/0.9 when not allowed");
    const head = readHead(input);
    if (head === "malformed") throw new CurlError(8, "Weird server reply");
    if (head === null) continue;
    const status = /^HTTP\/(1\.[01]) (\d{3})( .*)?$/.exec(head.first);
    if (status === null) throw new CurlError(1, "Unsupported HTTP version in response");
    const text = new TextDecoder("latin1").decode(input.subarray(0, head.length));
    facts.httpCode = Number(status[2]);
    facts.httpVersion = status[1]!;
    facts.headerBytes += head.length;
    facts.contentType = field(head.fields, "Content-Type") ?? "";
    sink.head("<", text);
    input = input.slice(head.length);
    if (facts.httpCode === 100) continue;
    if (exchange.options.fail && facts.httpCode >= 400) {
      throw new CurlError(22, `The requested URL returned error: ${facts.httpCode}`);
    }
    const moves =
      exchange.options.follow &&
      facts.httpCode >= 300 &&
      facts.httpCode < 400 &&
      field(head.fields, "Location") !== undefined;
    if (moves && closes(head)) return head;
    const length = responseBody(head.fields, facts.httpCode, method);
    if (moves && length?.kind === "length" && length.length === 0) return head;
    if (moves) sink.info("Ignoring the response-body");
    yield* receiveBody(exchange, socket, length, input, moves);
    return head;
  }
}

/** The server ends the connection after this response. */
export function closes(head: HttpHead): boolean {
  const connection = (field(head.fields, "Connection") ?? "").toLowerCase();
  return connection === "close" || (head.first.startsWith("HTTP/1.0") && connection !== "keep-alive");
}

function* receiveBody(
  exchange: Exchange,
  socket: TcpSocket,
  length: BodyLength | null,
  first: Uint8Array,
  ignore: boolean,
): Steps<void> {
  const { process, facts, sink } = exchange;
  if (length === null) throw new CurlError(8, "Invalid Content-Length: value");
  const chunks = length.kind === "chunked" ? new ChunkReader() : null;
  const whole = length.kind === "length" ? length.length : Number.POSITIVE_INFINITY;
  if (length.kind === "length") sink.expect(whole);
  let bytes = first;
  for (;;) {
    const data = chunks === null ? bytes.subarray(0, whole - facts.downloaded) : chunks.take(bytes);
    if (bytes.length > 0 && whole > 0) sink.data("{", bytes.length);
    facts.downloaded += data.length;
    if (data.length > 0 && !ignore) sink.body(data);
    if (chunks?.malformed) throw new CurlError(56, "Malformed encoding found in chunked-encoding");
    if (facts.downloaded >= whole || chunks?.done) return;
    bytes = yield* guarded(exchange, "Recv", receiveSome(process, socket, deadline(exchange)));
    if (bytes.length > 0) continue;
    if (length.kind === "close") return;
    if (chunks !== null) throw new CurlError(18, "transfer closed with outstanding read data remaining");
    throw new CurlError(18, `transfer closed with ${whole - facts.downloaded} bytes remaining to read`);
  }
}
