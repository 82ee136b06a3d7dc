import { formatIpv4 } from "../base/addresses.js";
import { us } from "../base/units.js";
import type { Process, Program } from "../host/process.js";
import type { Endpoint } from "../socket/tcp/state.js";
import { httpDate } from "../wire/http.js";
import { type HttpRequest, type HttpResponse, httpServer } from "./http-server.js";

/** What busybox says beside a status (httpd.c, http_response). */
const STATUS: Readonly<Record<number, readonly [name: string, text: string]>> = {
  400: ["Bad Request", "Unsupported method"],
  403: ["Forbidden", ""],
  404: ["Not Found", "The requested URL was not found"],
  501: ["Not Implemented", "The requested method is not recognized"],
};

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  txt: "text/plain",
  css: "text/css",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
};

const USAGE = `BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.

Usage: httpd [-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]
or httpd -d/-e/-m STRING

Listen for incoming HTTP requests
`;

/** `httpd -f -p PORT -h HOME` of busybox 1.35: serves files, one process for each connection, `Connection: close` always. */
export const busyboxHttpd: Program = (process) => {
  let port = 80;
  let home = process.cwd;
  let verbose = 0;
  const { argv } = process;
  for (let i = argv[0] === "busybox" ? 2 : 1; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === "-p") port = Number(argv[++i]?.split(":").pop());
    else if (word === "-h") home = argv[++i] ?? home;
    else if (/^-[fv]+$/.test(word)) verbose += word.split("v").length - 1;
    else {
      process.stderr.write(
        `httpd: ${/^-[iceudmr]/.test(word) ? `option ${word} is not supported here` : `invalid option -- '${word.slice(1)}'`}\n${USAGE}`,
      );
      return 1;
    }
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    process.stderr.write("httpd: bad port\n");
    return 1;
  }
  const log = (peer: Endpoint, text: string) =>
    process.stderr.write(`${formatIpv4(peer.address)}:${peer.port}: ${text}\n`);
  const handler = (_: Process, request: HttpRequest | null, peer: Endpoint): HttpResponse => {
    if (verbose > 1 && request !== null) log(peer, `url:${request.target}`);
    const [status, response] = serveFile(process, home, request);
    if (verbose > 0) log(peer, `response:${status}`);
    return response;
  };
  const bindError = (text: string) => `httpd: bind: ${text}\n`;
  return httpServer({ port, handler, backlog: 9, exitTime: us(300), bindError })(process);
};

/** The test image's API: writes its page with the container's host name, then becomes httpd (`serve 5000 "Hello from"`). `home` holds the page and other files to serve. */
export function greetingServer(port: number, greeting: string, home = "/www"): Program {
  return (process) => {
    process.files.mkdir(home, { recursive: true });
    process.files.write(`${home}/index.html`, `${greeting} ${process.uts.hostname}\n`);
    const handler = (_: Process, request: HttpRequest | null): HttpResponse =>
      serveFile(process, home, request)[1];
    return httpServer({
      port,
      handler,
      backlog: 9,
      exitTime: us(300),
      bindError: (text) => `httpd: bind: ${text}\n`,
    })(process);
  };
}

/** `serve PORT TEXT`, the command of the recorded images: `serve 5000 "Hello from"` answers `Hello from HOSTNAME`. */
export const serve: Program = (process) => {
  const [, port = "5000", greeting = "Hello from"] = process.argv;
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    process.stderr.write("httpd: bad port\n");
    return 1;
  }
  return greetingServer(Number(port), greeting)(process);
};

/** `test-image`'s command: port 5000, `Hello from HOSTNAME`. */
export const testImageApi: Program = greetingServer(5000, "Hello from");

function serveFile(process: Process, home: string, request: HttpRequest | null): [number, HttpResponse] {
  const now = process.host.unixTime();
  if (request === null) return [400, failure(400, now)];
  if (request.method !== "GET" && request.method !== "HEAD") return [501, failure(501, now)];
  const path = safePath(request.target);
  if (path === null) return [400, failure(400, now)];
  const { files } = process;
  const full = `${home}/${path}${path.endsWith("/") ? "index.html" : ""}`;
  if (!files.exists(full) || files.stat(full).type !== "file") return [404, failure(404, now)];
  const { mtime, size } = files.stat(full);
  const seconds = Math.floor(mtime);
  const type = TYPES[full.split(".").pop() ?? ""] ?? "application/octet-stream";
  const head = `${opening(200, "OK", now, type)}Accept-Ranges: bytes\r\nLast-Modified: ${httpDate(seconds)}\r\nETag: "${seconds.toString(16)}-${size.toString(16)}"\r\nContent-Length: ${size}\r\n\r\n`;
  const body = request.method === "HEAD" ? new Uint8Array(0) : files.readBytes(full);
  return [200, { head, body, close: true }];
}

/** The path of a target, percent signs read, query off; null when it leaves the home directory. */
function safePath(target: string): string | null {
  const [raw = ""] = target.split("?");
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return null;
  }
  return path.startsWith("/") && !path.split("/").includes("..") && !path.includes("\0") ? path : null;
}

function opening(status: number, name: string, now: number, type: string): string {
  return `HTTP/1.1 ${status} ${name}\r\nDate: ${httpDate(now)}\r\nConnection: close\r\nContent-type: ${type}\r\n`;
}

function failure(status: number, now: number): HttpResponse {
  const [name, text] = STATUS[status] ?? ["Error", ""];
  const page = `<HTML><HEAD><TITLE>${status} ${name}</TITLE></HEAD>\n<BODY><H1>${status} ${name}</H1>\n${text}\n</BODY></HTML>\n`;
  return {
    head: `${opening(status, name, now, "text/html")}\r\n`,
    body: new TextEncoder().encode(page),
    close: true,
  };
}
