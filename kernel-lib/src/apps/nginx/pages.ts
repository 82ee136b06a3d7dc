import type { Process } from "../../host/process.js";
import { httpDate } from "../../wire/http.js";
import { type HttpRequest, type HttpResponse, keepsAlive } from "../http-server.js";
import type { Settings } from "./config.js";
import { NGINX_WELCOME, VERSION } from "./image-files.js";
import { connection, opening, statusName } from "./opening.js";
import { includedPage } from "./ssi.js";

/** When the image's pages were packed: 24 Oct 2023 13:46:47 UTC. */
const PAGE_TIME = 1698155207;

/** A file of the location's root as an answer, with `status`; null when there is none. */
export function filePage(
  process: Process,
  request: HttpRequest,
  settings: Settings,
  path: string,
  status = 200,
): HttpResponse | null {
  const { root, index, ssi } = settings;
  const names = path.endsWith("/") ? index.map((name) => path + name) : [path];
  for (const name of names) {
    const page = readPage(process, root.replace(/\/$/, "") + name);
    if (page === null) continue;
    const { bytes, mtime, type } = page;
    if (ssi && status === 200 && type === "text/html")
      return includedPage(process, request, settings, type, bytes);
    const etag = `"${mtime.toString(16)}-${bytes.length.toString(16)}"`;
    const opened = opening(status, process.host.unixTime(), type, bytes.length);
    const head = `${opened}Last-Modified: ${httpDate(mtime)}\r\nConnection: ${connection(request)}\r\nETag: ${etag}\r\nAccept-Ranges: bytes\r\n\r\n`;
    const body = request.method === "HEAD" ? new Uint8Array(0) : bytes;
    return { head, body, close: !keepsAlive(request) };
  }
  return null;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  txt: "text/plain",
  css: "text/css",
  js: "application/javascript",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
};

/** The image's own welcome page keeps the time at which it was packed. */
function readPage(process: Process, full: string): { bytes: Uint8Array; mtime: number; type: string } | null {
  const { files } = process;
  if (!files.exists(full) || files.stat(full).type !== "file") return null;
  const bytes = files.readBytes(full);
  const ending = full.split("/").pop()!.split(".");
  const type = (ending.length > 1 ? TYPES[ending.pop()!] : undefined) ?? "application/octet-stream";
  const packed = full.endsWith("/index.html") && new TextDecoder().decode(bytes) === NGINX_WELCOME;
  return { bytes, mtime: packed ? PAGE_TIME : Math.floor(files.stat(full).mtime), type };
}

/** nginx's own page for a status. */
export function statusPage(
  status: number,
  now: number,
  request: HttpRequest | null,
  more = "",
): HttpResponse {
  const title = `${status} ${statusName(status)}`;
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${VERSION}</center>\r\n</body>\r\n</html>\r\n`;
  const body = new TextEncoder().encode(page);
  const head = `${opening(status, now, "text/html", body.length)}Connection: ${connection(request)}\r\n${more}\r\n`;
  return {
    head,
    body: request?.method === "HEAD" ? new Uint8Array(0) : body,
    close: request === null || !keepsAlive(request),
  };
}
