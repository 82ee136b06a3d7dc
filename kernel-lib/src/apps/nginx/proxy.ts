import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import { ERRNO_TEXT, type Errno, KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { resolve } from "../../tools/net/resolve.js";
import { ResponseReader } from "../../tools/net/response.js";
import { connect, openSocket, sendAll } from "../../tools/net/stream.js";
import { hostField, parseUrl } from "../../tools/net/url.js";
import { field, type HttpFields, join, responseBody } from "../../wire/http.js";
import { type HttpRequest, type HttpResponse, keepsAlive } from "../http-server.js";
import type { ProxyPass, Settings } from "./config.js";
import { ConfigError } from "./directives.js";
import { connection, opening } from "./opening.js";
import { askResolver, type ResolverCache } from "./resolver.js";
import { expand } from "./variables.js";

/** proxy_connect_timeout and proxy_read_timeout. */
const PATIENCE = seconds(60);
/** Linux's numbers of what connect() fails with. */
const ERRNO_NUMBERS: Partial<Record<Errno, number>> = {
  ECONNREFUSED: 111,
  ECONNRESET: 104,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
  ETIMEDOUT: 110,
};

/** Addresses of the names that stand in the configuration, found when it was loaded: they stay until the next load. */
export type Upstreams = ReadonlyMap<ProxyPass, readonly Ipv4[]>;

/** Resolves a literal name of `proxy_pass` by the system's resolver, once. Throws ConfigError. */
export function* findUpstream(process: Process, { url, directive }: ProxyPass): Steps<readonly Ipv4[]> {
  const { host } = parseUrl(url) ?? { host: "" };
  const where = `${directive.file}:${directive.line}`;
  if (host === "")
    throw new ConfigError(`no host in upstream "${url.replace(/^http:\/\//, "")}" in ${where}`);
  const addresses = yield* resolve(process, host);
  if (addresses.length === 0) throw new ConfigError(`host not found in upstream "${host}" in ${where}`);
  return addresses;
}

/** An answer of the upstream, or the status that nginx gives instead and what it says in its log. */
export type ProxyOutcome = HttpResponse | { readonly status: number; readonly reasons: readonly string[] };

/** Passes a request on, as HTTP/1.0 with a connection of its own. */
export function* passOn(
  process: Process,
  request: HttpRequest,
  settings: Settings,
  proxy: ProxyPass,
  upstreams: Upstreams,
  cache: ResolverCache,
): Steps<ProxyOutcome> {
  const url = parseUrl(expand(proxy.url, request, settings));
  if (url === null || !expand(proxy.url, request, settings).startsWith("http://"))
    return { status: 500, reasons: [`invalid URL prefix in "${expand(proxy.url, request, settings)}"`] };
  const found = upstreams.get(proxy) ?? (yield* askResolver(process, url.host, settings, cache));
  if (typeof found === "string") return { status: 502, reasons: [found] };
  const hasPath = /^http:\/\/[^/]+\//.test(proxy.url);
  const target = hasPath ? url.target : request.target;
  const message = requestFor(request, settings, hostField(url), target);
  const reasons: string[] = [];
  let status = 502;
  for (const address of found) {
    const told = `upstream: "http://${formatIpv4(address)}:${url.port}${target}"`;
    try {
      return yield* exchange(process, request, address, url.port, message);
    } catch (error) {
      if (!(error instanceof KernelError) && !(error instanceof UpstreamError)) throw error;
      if (error instanceof KernelError && error.errno === "ETIMEDOUT") status = 504;
      reasons.push(`${reasonOf(error)}|${told}`);
    }
  }
  return { status, reasons };
}

class UpstreamError extends Error {}

function reasonOf(error: KernelError | UpstreamError): string {
  if (error instanceof UpstreamError) return error.message;
  const text = `(${ERRNO_NUMBERS[error.errno] ?? 5}: ${ERRNO_TEXT[error.errno]})`;
  return error.errno === "ETIMEDOUT"
    ? `upstream timed out ${text} while connecting to upstream`
    : `connect() failed ${text} while connecting to upstream`;
}

function requestFor(request: HttpRequest, settings: Settings, host: string, target: string): Uint8Array {
  const set = new Map([
    ["host", ["Host", host]],
    ["connection", ["Connection", "close"]],
  ]);
  for (const [name, value] of settings.headers)
    set.set(name.toLowerCase(), [name, expand(value, request, settings, host)]);
  const others = request.fields.filter(
    ([name]) =>
      !set.has(name.toLowerCase()) && !["keep-alive", "expect", "upgrade"].includes(name.toLowerCase()),
  );
  const lines = [`${request.method} ${target} HTTP/1.0`];
  for (const [name = "", value = ""] of [...set.values(), ...others])
    if (value !== "") lines.push(`${name}: ${value}`);
  return join(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`), request.body);
}

function* exchange(
  process: Process,
  request: HttpRequest,
  address: Ipv4,
  port: number,
  message: Uint8Array,
): Steps<HttpResponse> {
  const socket = openSocket(process);
  try {
    const { now } = process.host.world.scheduler;
    yield* connect(process, socket, address, port, now + PATIENCE);
    yield* sendAll(process, socket, message);
    const reader = new ResponseReader(process, socket, PATIENCE);
    const outcome = yield* reader.head();
    if (outcome.kind !== "head")
      throw new UpstreamError(
        outcome.kind === "closed"
          ? "upstream prematurely closed connection while reading response header from upstream"
          : "upstream sent no valid HTTP/1.0 header while reading response header from upstream",
      );
    const { first, fields } = outcome.head;
    const status = Number(first.split(" ")[1]);
    const length = responseBody(fields, status, request.method);
    const parts: Uint8Array[] = [];
    if (length !== null) yield* reader.body(length, outcome.rest, (bytes) => parts.push(bytes));
    return relayed(process, request, status, fields, parts.reduce(join, new Uint8Array(0)));
  } finally {
    socket.close();
  }
}

/** Fields that nginx writes itself, or keeps from the client. */
const OWN = new Set([
  "server",
  "date",
  "content-type",
  "content-length",
  "connection",
  "keep-alive",
  "transfer-encoding",
]);

function relayed(
  process: Process,
  request: HttpRequest,
  status: number,
  fields: HttpFields,
  body: Uint8Array,
): HttpResponse {
  const type = field(fields, "Content-Type") ?? "application/octet-stream";
  const length = request.method === "HEAD" ? Number(field(fields, "Content-Length") ?? 0) : body.length;
  const others = fields
    .filter(([name]) => !OWN.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const opened = opening(status, process.host.unixTime(), type, length);
  const head = `${opened}Connection: ${connection(request)}\r\n${others.join("")}\r\n`;
  return { head, body, close: !keepsAlive(request) };
}
