export const SOCKETS_TS = `import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Hub } from "./hub.ts";
import { follow } from "./live.ts";
import { DraftError, readDraft, readRoom } from "./message.ts";
import type { Room } from "./room.ts";

/** Bytes of one message from a page; longer ones close the connection. */
const LONGEST_MESSAGE = 16 * 1024;

/** The WebSocket at /ws: pages hear the room \`?room=…\` there and send what their users write. */
export function serveSockets(server: Server, hub: Hub): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE });
  server.on("upgrade", (request, stream, head) => {
    const room = roomAt(hub, request.url ?? "");
    if (room === null) {
      stream.end("HTTP/1.1 400 Bad Request\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n");
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => serve(hub, room, socket));
  });
  return sockets;
}

/** The room that a WebSocket's URL names; null for another URL. */
function roomAt(hub: Hub, url: string): Room | null {
  try {
    const { pathname, searchParams } = new URL(url, "http://chat");
    return pathname === "/ws" ? hub.room(readRoom(searchParams.get("room"))) : null;
  } catch {
    return null;
  }
}

function serve(hub: Hub, room: Room, socket: WebSocket): void {
  const tell = (news: object): void => socket.send(JSON.stringify(news));
  const stop = follow(hub, room, tell);
  socket.on("close", stop);
  socket.on("error", () => socket.terminate());
  socket.on("message", (data) => {
    try {
      const draft = readDraft({ ...JSON.parse(String(data)), room: room.name });
      void hub.post(room, draft);
    } catch (error) {
      tell({ type: "error", error: error instanceof DraftError ? error.message : "not JSON" });
    }
  });
}
`;
