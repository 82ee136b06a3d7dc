import { BODY_TS } from "./files/body-ts.js";
import { DOCKERFILE } from "./files/dockerfile.js";
import { DOCKERIGNORE } from "./files/dockerignore.js";
import { HUB_TS } from "./files/hub-ts.js";
import { LIVE_TS } from "./files/live-ts.js";
import { MESSAGE_TS } from "./files/message-ts.js";
import { PACKAGE_JSON } from "./files/package-json.js";
import { PAGE_CSS } from "./files/page-css.js";
import { PAGE_HTML } from "./files/page-html.js";
import { PAGE_JS } from "./files/page-js.js";
import { ROOM_TS } from "./files/room-ts.js";
import { SERVER_TS } from "./files/server-ts.js";
import { SOCKETS_TS } from "./files/sockets-ts.js";
import { WEB_TS } from "./files/web-ts.js";

/** The files of `chapters/05-chat/app`, by name. A test holds that they are the same; with `-u` it writes them anew. */
export const CHAT_FILES: Readonly<Record<string, string>> = {
  ".dockerignore": DOCKERIGNORE,
  Dockerfile: DOCKERFILE,
  "body.ts": BODY_TS,
  "hub.ts": HUB_TS,
  "live.ts": LIVE_TS,
  "message.ts": MESSAGE_TS,
  "package.json": PACKAGE_JSON,
  "page.css": PAGE_CSS,
  "page.html": PAGE_HTML,
  "page.js": PAGE_JS,
  "room.ts": ROOM_TS,
  "server.ts": SERVER_TS,
  "sockets.ts": SOCKETS_TS,
  "web.ts": WEB_TS,
};
