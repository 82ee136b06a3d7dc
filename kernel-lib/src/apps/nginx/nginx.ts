import { formatIpv4 } from "../base/addresses.js";
import type { Process, Program } from "../host/process.js";
import type { Endpoint } from "../socket/tcp/state.js";
import { field, httpDate, MONTHS } from "../wire/http.js";
import { type HttpRequest, type HttpResponse, httpServer, keepsAlive } from "./http-server.js";

const VERSION = "nginx/1.25.3";
const HOME = "/usr/share/nginx/html";
/** When the page was packed: 24 Oct 2023 13:46:47 UTC, as nginx:1.25.3 serves it. */
const PAGE_TIME = 1698155207;

/** The welcome page of nginx 1.25 (615 bytes). */
export const NGINX_WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

const ENTRYPOINT = [
  "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
  "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh",
  "10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf",
  "10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf",
  "/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh",
  "/docker-entrypoint.sh: Configuration complete; ready for start up",
];

/** nginx 1.25.3 as its official image runs it: the welcome page (or what lies in its html directory) on port 80. */
export const nginx: Program = (process) => {
  const stamp = logTime(process);
  const notice = (text: string) => process.stderr.write(`${stamp} [notice] 1#1: ${text}\n`);
  for (const line of ENTRYPOINT) process.stdout.write(`${line}\n`);
  notice('using the "epoll" event method');
  notice(VERSION);
  notice("built by gcc 12.2.0 (Debian 12.2.0-14) ");
  notice("start worker processes");
  notice("start worker process 29");
  const bindError = (text: string) =>
    `${logTime(process)} [emerg] 1#1: bind() to 0.0.0.0:80 failed (98: ${text})\n`;
  return httpServer({ port: 80, handler: answer, bindError })(process);
};

function two(n: number): string {
  return String(n).padStart(2, "0");
}

function logTime(process: Process): string {
  const date = new Date(Math.floor(process.host.unixTime()) * 1000);
  const day = `${date.getUTCFullYear()}/${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

function accessTime(process: Process): string {
  const date = new Date(Math.floor(process.host.unixTime()) * 1000);
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}

function answer(process: Process, request: HttpRequest | null, peer: Endpoint): HttpResponse {
  const [status, response] = choose(process, request);
  const line = request === null ? "" : `${request.method} ${request.target} ${request.version}`;
  const of = (name: string) => (request === null ? undefined : field(request.fields, name)) ?? "-";
  const tail = `"${of("Referer")}" "${of("User-Agent")}" "${of("X-Forwarded-For")}"`;
  process.stdout.write(
    `${formatIpv4(peer.address)} - - [${accessTime(process)}] "${line}" ${status} ${response.body.length} ${tail}\n`,
  );
  return response;
}

function choose(process: Process, request: HttpRequest | null): [number, HttpResponse] {
  const now = process.host.unixTime();
  if (request === null) return [400, failure(400, "Bad Request", now, null)];
  if (!["GET", "HEAD"].includes(request.method)) return [405, failure(405, "Not Allowed", now, request)];
  const path = request.target.split("?")[0] ?? "/";
  if (!path.startsWith("/") || path.split("/").includes(".."))
    return [400, failure(400, "Bad Request", now, null)];
  const page = readPage(process, path.endsWith("/") ? `${path}index.html` : path);
  if (page === null) return [404, failure(404, "Not Found", now, request)];
  const { bytes, mtime } = page;
  const etag = `"${mtime.toString(16)}-${bytes.length.toString(16)}"`;
  const head = `${opening(200, "OK", now, page.type, bytes.length)}Last-Modified: ${httpDate(mtime)}\r\nConnection: ${connection(request)}\r\nETag: ${etag}\r\nAccept-Ranges: bytes\r\n\r\n`;
  const body = request.method === "HEAD" ? new Uint8Array(0) : bytes;
  return [200, { head, body, close: !keepsAlive(request) }];
}

function readPage(process: Process, path: string): { bytes: Uint8Array; mtime: number; type: string } | null {
  const full = HOME + path;
  const { files } = process;
  const type = /\.html?$/.test(path)
    ? "text/html"
    : /\.txt$/.test(path)
      ? "text/plain"
      : "application/octet-stream";
  if (files.exists(full) && files.stat(full).type === "file") {
    return { bytes: files.readBytes(full), mtime: Math.floor(files.stat(full).mtime), type };
  }
  return path === "/index.html"
    ? { bytes: new TextEncoder().encode(NGINX_WELCOME), mtime: PAGE_TIME, type }
    : null;
}

function connection(request: HttpRequest | null): string {
  return request !== null && keepsAlive(request) ? "keep-alive" : "close";
}

function opening(status: number, name: string, now: number, type: string, length: number): string {
  return `HTTP/1.1 ${status} ${name}\r\nServer: ${VERSION}\r\nDate: ${httpDate(now)}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n`;
}

function failure(status: number, name: string, now: number, request: HttpRequest | null): HttpResponse {
  const title = `${status} ${name}`;
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${VERSION}</center>\r\n</body>\r\n</html>\r\n`;
  const body = new TextEncoder().encode(page);
  const head = `${opening(status, name, now, "text/html", body.length)}Connection: ${connection(request)}\r\n\r\n`;
  return {
    head,
    body: request?.method === "HEAD" ? new Uint8Array(0) : body,
    close: request === null || !keepsAlive(request),
  };
}
