export const LIVE_TS = `import type { Hub } from "./hub.ts";
import type { Message } from "./message.ts";
import type { Room } from "./room.ts";

/** What a page is told, over a WebSocket or as server-sent events. */
export type News =
  | { type: "hello"; host: string; room: string; redis: string; messages: readonly Message[] }
  | { type: "status"; redis: string }
  | { type: "message"; message: Message };

/** Tells a page all there is and all that comes, until the returned function is called. */
export function follow(hub: Hub, room: Room, tell: (news: News) => void): () => void {
  tell({ type: "hello", host: hub.host, room: room.name, redis: hub.status, messages: room.messages });
  const stops = [
    room.listen((message) => tell({ type: "message", message })),
    hub.onStatus((redis) => tell({ type: "status", redis })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
`;
