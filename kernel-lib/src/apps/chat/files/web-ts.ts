export const WEB_TS = `import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { readFields, TooLong } from "./body.ts";
import type { Hub } from "./hub.ts";
import { follow } from "./live.ts";
import { DraftError, readDraft, readRoom } from "./message.ts";
import type { Room } from "./room.ts";

/** The page's files: what is asked for, the file, and its type. */
const PAGE: Record<string, [file: string, type: string]> = {
  "/": ["page.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
};

/** The page and what it asks for; nothing from elsewhere runs in it. */
const ALWAYS = {
  "Content-Security-Policy":
    "default-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** The web server of the chat. \`folder\` holds the page's files. */
export function serveWeb(hub: Hub, folder: string): Server {
  const page = new Map(
    Object.entries(PAGE).map(([path, [file, type]]) => [
      path,
      { type, text: readFileSync(join(folder, file)) },
    ]),
  );
  const server = createServer((request, response) => {
    response.setHeader("X-Served-By", hub.host);
    for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
    answer(request, response).catch((error: unknown) => fail(response, error));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://chat");
    const reading = request.method === "GET" || request.method === "HEAD";
    const file = page.get(url.pathname);
    if (file !== undefined && reading) {
      response.writeHead(200, { "Content-Type": file.type, "Content-Length": file.text.length });
      response.end(request.method === "HEAD" ? undefined : file.text);
    } else if (url.pathname === "/messages" && reading) {
      send(response, 200, roomOf(hub, url.searchParams.get("room")).messages);
    } else if (url.pathname === "/messages" && request.method === "POST") {
      await take(hub, request, response);
    } else if (url.pathname === "/events" && reading) {
      sendEvents(hub, roomOf(hub, url.searchParams.get("room")), response);
    } else if (url.pathname === "/health" && reading) {
      send(response, hub.status === "ready" ? 200 : 503, { host: hub.host, redis: hub.status });
    } else {
      const known = file !== undefined || ["/messages", "/events", "/health"].includes(url.pathname);
      send(response, known ? 405 : 404, { error: known ? "no such method" : "no such page" });
    }
  }
  return server;
}

/** Takes a message: 201 when Redis has it, 202 when it waits for Redis. */
async function take(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const draft = readDraft(await readFields(request));
  const { message, stored } = await hub.post(roomOf(hub, draft.room), draft);
  send(response, stored ? 201 : 202, { stored, message });
}

/** Server-sent events: what a WebSocket's page hears, for those who only listen (\`curl -N\`). */
function sendEvents(hub: Hub, room: Room, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const stop = follow(hub, room, (news) => response.write(\`data: \${JSON.stringify(news)}\\n\\n\`));
  response.on("close", stop);
}

function roomOf(hub: Hub, name: string | null): Room {
  const room = hub.room(readRoom(name));
  if (room === null) throw new DraftError("there are too many rooms");
  return room;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = \`\${JSON.stringify(value)}\\n\`;
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

function fail(response: ServerResponse, error: unknown): void {
  if (error instanceof DraftError) send(response, 400, { error: error.message });
  else if (error instanceof TooLong) send(response, 413, { error: "the message is too long" });
  else {
    console.log(\`web: \${String(error)}\`);
    if (response.headersSent) response.destroy();
    else send(response, 500, { error: "the server failed" });
  }
}
`;
