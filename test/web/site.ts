import { type HttpRequest, type HttpResponse, httpServer } from "../../kernel-lib/src/apps/http-server.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import type { Program } from "../../kernel-lib/src/host/process.js";
import { ip } from "../../kernel-lib/src/tools/ip/ip.js";
import { World } from "../../kernel-lib/src/trace/world.js";

const PAGE = "Hello from 4f70e6ba45ea\n";
const DATE = "Date: Sat, 21 Nov 2026 03:13:49 GMT\r\n";

/** The answers of the small server that the recordings were made against: head lines and body by path. */
const ANSWERS: Readonly<Record<string, readonly [head: string, body: string]>> = {
  "/": [
    `HTTP/1.1 200 OK\r\n${DATE}Connection: close\r\nContent-type: text/html\r\nAccept-Ranges: bytes\r\nLast-Modified: Sat, 21 Nov 2026 03:12:00 GMT\r\nContent-Length: 24\r\n`,
    PAGE,
  ],
  "/nope": [
    `HTTP/1.1 404 Not Found\r\n${DATE}Connection: close\r\nContent-type: text/html\r\n`,
    "<HTML>no</HTML>\n",
  ],
  "/500": ["HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\nConnection: close\r\n", "no\n"],
  "/301": [
    "HTTP/1.1 301 Moved Permanently\r\nLocation: /index.html\r\nContent-Length: 0\r\nConnection: close\r\n",
    "",
  ],
  "/302abs": [
    "HTTP/1.1 302 Found\r\nLocation: http://172.17.0.3:5000/big\r\nContent-Length: 0\r\nConnection: close\r\n",
    "",
  ],
  "/loop": ["HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\nConnection: close\r\n", ""],
  "/close": ["HTTP/1.1 200 OK\r\nConnection: close\r\n", PAGE],
  "/chunked": [
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n",
    "6\r\nHello \r\n5\r\nworld\r\n1\r\n\n\r\n0\r\n\r\n",
  ],
  "/big": [
    "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\nContent-Length: 300000\r\n",
    "x".repeat(300_000),
  ],
  "/short": ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n", PAGE],
  "/zero": ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n", ""],
  "/keep": ["HTTP/1.1 200 OK\r\nContent-Length: 24\r\nContent-Type: text/plain\r\n", PAGE],
  "/204": ["HTTP/1.1 204 No Content\r\nConnection: close\r\n", ""],
};

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Requests as the server saw them, for tests of what is sent. */
export type Seen = (request: HttpRequest) => void;

function answer(request: HttpRequest | null): HttpResponse {
  if (request === null) return { head: "", body: bytes(""), close: true };
  const path = request.target === "/index.html" ? "/" : request.target;
  if (path === "/empty" || path === "/big0x") return { head: "", body: bytes(""), close: true };
  if (path === "/garbage") return { head: "", body: bytes("garbage\r\n\r\n"), close: true };
  if (path === "/echo") {
    const head = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${request.body.length}\r\n\r\n`;
    return { head, body: request.body, close: true };
  }
  const [head, body] = ANSWERS[path] ?? [
    "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n",
    "",
  ];
  return { head: `${head}\r\n`, body: bytes(request.method === "HEAD" ? "" : body), close: path !== "/keep" };
}

function server(seen: Seen): Program {
  return httpServer({
    port: 5000,
    backlog: 9,
    handler: (_process, request) => {
      if (request !== null) seen(request);
      return answer(request);
    },
  });
}

/** The recorder's two namespaces: g1 (172.17.0.2) asks, g2 (172.17.0.3) serves on port 5000 what the recorded server served. */
export function site(seen: Seen = () => {}, others: readonly (readonly [string, Program])[] = []): Host {
  const host = new Host(new World(7), "host-a", { programs: new Map([["ip", ip], ...others]) });
  for (const line of [
    "ip netns add g1",
    "ip netns add g2",
    "ip link add e1 netns g1 type veth peer name e2 netns g2",
    "ip -n g1 link set lo up",
    "ip -n g2 link set lo up",
    "ip -n g1 a a 172.17.0.2/16 dev e1",
    "ip -n g2 a a 172.17.0.3/16 dev e2",
    "ip -n g1 link set e1 up",
    "ip -n g2 link set e2 up",
  ]) {
    const { status, stderr } = host.run(line.split(" "));
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
  }
  host.spawn({ argv: ["server"], program: server(seen), netns: namespace(host, "g2") });
  host.world.scheduler.runFor(1e9);
  return host;
}

export function namespace(host: Host, name: string): NonNullable<ReturnType<Host["files"]["netnsAt"]>> {
  return host.files.netnsAt(`/var/run/netns/${name}`)!;
}
