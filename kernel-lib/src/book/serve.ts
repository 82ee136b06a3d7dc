import { createReadStream, realpathSync, type Stats, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve, sep } from "node:path";

/** Media types of the files that a book has (IANA); anything else is a stream of bytes. */
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".ipynb": "application/x-ipynb+json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

export interface ServeOptions {
  readonly folder: string;
  /** A free port is taken when absent or 0. */
  readonly port?: number;
}

export interface BookServer {
  /** `http://127.0.0.1:PORT/` */
  readonly address: string;
  close(): Promise<void>;
}

/** The file of a request's path; null for what lies outside the folder, is not there, or begins with a dot. */
function requestedFile(folder: string, url: string): { path: string; stats: Stats } | null {
  try {
    const path = decodeURIComponent(url.split(/[?#]/)[0]!);
    if (path.includes("\0") || path.split(/[/\\]/).some((part) => part.startsWith("."))) return null;
    const file = realpathSync(join(folder, path.endsWith("/") ? `${path}index.html` : path));
    const stats = statSync(file);
    if (!file.startsWith(realpathSync(folder) + sep) || !stats.isFile()) return null;
    return { path: file, stats };
  } catch {
    return null; // Not there, or not an encoded path: both are “not found” to the reader.
  }
}

function answer(folder: string, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD", "Content-Type": "text/plain" }).end("Method not allowed\n");
    return;
  }
  const file = requestedFile(folder, request.url ?? "/");
  if (file === null) {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found\n");
    return;
  }
  const type = TYPES[extname(file.path).toLowerCase()] ?? "application/octet-stream";
  response.writeHead(200, {
    "Content-Type": type,
    "Content-Length": file.stats.size,
    "Cache-Control": "no-cache",
  });
  if (request.method === "HEAD") response.end();
  else
    createReadStream(file.path)
      .on("error", () => response.destroy())
      .pipe(response);
}

/** Serves a book to this machine alone. Rejects with the reason in plain words when the port is taken. */
export async function serveBook({ folder, port = 0 }: ServeOptions): Promise<BookServer> {
  const root = resolve(folder);
  const server = createServer((request, response) => answer(root, request, response));
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${taken}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      fail(
        error.code === "EADDRINUSE" ? new Error(`port ${port} is taken; give another with --port`) : error,
      );
    });
    server.listen(port, "127.0.0.1", done);
  });
}
