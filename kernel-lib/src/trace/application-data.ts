import { join } from "../wire/http.js";
import { type RespValue, readResp, respCommand, respText } from "../wire/resp.js";
import { closeStatus, readWebSocketFrame, type WebSocketFrame } from "../wire/websocket.js";
import type { ByteStream, Run } from "./byte-stream.js";
import { HttpReader } from "./http-data.js";

export type ApplicationProtocol = "HTTP" | "WebSocket" | "RESP";

/** A message of an application, found in the bytes of a stream. */
export interface ApplicationData {
  readonly protocol: ApplicationProtocol;
  readonly kind:
    | "request"
    | "response"
    /** A server-sent event. */
    | "event"
    /** A WebSocket message. */
    | "text"
    | "binary"
    | "ping"
    | "pong"
    | "close"
    /** Of Redis: asked, answered, and sent without being asked. */
    | "command"
    | "reply"
    | "push";
  /** What it says, whole. */
  readonly text: string;
  /** Its bytes in the stream: [start, end). */
  readonly start: number;
  readonly end: number;
}

/** Reads at a place of a run: what stands there and where it ends; null when nothing that is known begins there. */
type Read = Omit<ApplicationData, "start"> | null;

/**
 * Finds the messages in a stream. What a stream speaks is seen in its bytes, not in its port, and asked anew behind each message, so that a connection that began as
 * HTTP may go on as WebSocket. Bytes that nobody here understands are passed over up to the next segment. `requests` are the methods of the requests that this
 * stream answers.
 */
export function applicationDataOf(
  stream: ByteStream,
  requests: readonly string[] = [],
): readonly ApplicationData[] {
  const http = new HttpReader(requests);
  const sockets = new WebSocketReader();
  return stream.runs.flatMap((run) => {
    const found: ApplicationData[] = [];
    let at = 0;
    while (at < run.bytes.length) {
      const read =
        http.read(run.bytes, at) ?? readRedis(run.bytes, at, stream.client) ?? sockets.read(run.bytes, at);
      if (read === null || read.end <= at) {
        http.lost();
        at = nextBoundary(run, at);
        continue;
      }
      if (read.text !== "") found.push({ ...read, start: run.start + at, end: run.start + read.end });
      at = read.end;
    }
    return found;
  });
}

function nextBoundary({ boundaries, start, bytes }: Run, at: number): number {
  const next = boundaries.find((place) => place - start > at);
  return next === undefined ? bytes.length : next - start;
}

const PUSHES = new Set([
  "message",
  "pmessage",
  "smessage",
  "subscribe",
  "psubscribe",
  "unsubscribe",
  "punsubscribe",
]);

/** What the client sends is commands; what the server sends is replies, and what was published. */
function readRedis(bytes: Uint8Array, at: number, client: boolean): Read {
  const read = readResp(bytes, at);
  if (read === null || read === "malformed") return null;
  const { value, end } = read;
  const command = respCommand(value);
  if (client) {
    if (command === null) return null;
    return { protocol: "RESP", kind: "command", text: command.map(quoted).join(" "), end };
  }
  const pushed = pushOf(value);
  return pushed === null
    ? { protocol: "RESP", kind: "reply", text: respText(value) || '""', end }
    : { protocol: "RESP", kind: "push", text: pushed, end };
}

/** `message chat:lobby {…}`: what reaches a subscriber, as a push of form 3 or an array of form 2. */
function pushOf(value: RespValue): string | null {
  if (value.type !== "push" && value.type !== "array") return null;
  const words = value.items.map((item) => (item.type === "integer" ? item.text : respText(item)));
  return value.type === "push" || PUSHES.has(words[0] ?? "") ? words.map(quoted).join(" ") : null;
}

/** JSON stays as it is; words that would not be one are in quotes. */
function quoted(word: string): string {
  return word === "" || /[\r\n\t]/.test(word) || (/ /.test(word) && !/^[[{]/.test(word))
    ? JSON.stringify(word)
    : word;
}

const TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Puts the pieces of WebSocket messages together; control frames may come between them. */
class WebSocketReader {
  private parts: Uint8Array[] = [];
  private opcode: "text" | "binary" = "text";

  /** A first frame is believed when it begins a message; a piece in the middle only while one is open. */
  read(bytes: Uint8Array, at: number): Read {
    for (let place = at; ; ) {
      const frame = readWebSocketFrame(bytes, place);
      const alone = frame === null || frame === "malformed" || this.isLost(frame);
      const read = alone ? null : this.take(frame);
      if (read !== "more") {
        if (read === null) this.parts = [];
        return read;
      }
      place = (frame as WebSocketFrame).end;
    }
  }

  private isLost({ opcode }: WebSocketFrame): boolean {
    return opcode === "continuation" && this.parts.length === 0;
  }

  private take(frame: WebSocketFrame): Read | "more" {
    const { opcode, payload, end } = frame;
    if (opcode === "close") return { protocol: "WebSocket", kind: "close", text: closeText(payload), end };
    if (opcode === "ping" || opcode === "pong")
      return {
        protocol: "WebSocket",
        kind: opcode,
        text: `${opcode} ${textOf(payload) ?? ""}`.trimEnd(),
        end,
      };
    if (opcode !== "continuation") {
      this.opcode = frame.compressed ? "binary" : opcode;
      this.parts = [];
    }
    this.parts.push(payload);
    if (!frame.fin) return "more";
    const whole = this.parts.reduce(join, new Uint8Array(0));
    this.parts = [];
    const text =
      this.opcode === "text"
        ? textOf(whole)
        : `${whole.length} bytes${frame.compressed ? ", compressed" : ""}`;
    return text === null ? null : { protocol: "WebSocket", kind: this.opcode, text, end };
  }
}

function closeText(payload: Uint8Array): string {
  return `close ${closeStatus(payload)} ${textOf(payload.subarray(2)) ?? ""}`.trimEnd();
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return TEXT.decode(bytes);
  } catch {
    return null;
  }
}
