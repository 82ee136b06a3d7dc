import { Bits, U8, U16, U32 } from "./field.js";

const first = new U8(0);
const second = new U8(1);

/**
 * The head of a WebSocket frame (RFC 6455 §5.2). A length of 126 or 127 says that the true one follows in 16 or 64 bits; then comes the masking key, if the frame is
 * masked.
 *
 *     |F|R|R|R| opcode|M| length      |    true length, if length is 126 or 127  …
 *     |                 masking key, if M is set                      |    payload …
 */
export const websocket = {
  fin: new Bits(first, 7, 1),
  reserved: new Bits(first, 4, 3),
  opcode: new Bits(first, 0, 4),
  mask: new Bits(second, 7, 1),
  length: new Bits(second, 0, 7),
} as const;

const longLength = new U16(2);
const longerLengthHigh = new U32(2);
const longerLengthLow = new U32(6);

/** Names of the opcodes; others are not used (RFC 6455 §11.8). */
export const WEBSOCKET_OPCODES = {
  0: "continuation",
  1: "text",
  2: "binary",
  8: "close",
  9: "ping",
  10: "pong",
} as const satisfies Readonly<Record<number, string>>;

export type WebSocketOpcode = (typeof WEBSOCKET_OPCODES)[keyof typeof WEBSOCKET_OPCODES];

export interface WebSocketFrame {
  readonly opcode: WebSocketOpcode;
  /** The last frame of its message. */
  readonly fin: boolean;
  /** Sent by the client: only clients mask. */
  readonly masked: boolean;
  /** RSV1 is set: the message is compressed, where the two have agreed on that (RFC 7692). */
  readonly compressed: boolean;
  /** The bytes as they were before masking. */
  readonly payload: Uint8Array;
  /** One past the frame's last byte. */
  readonly end: number;
}

/** Payloads of control frames (close, ping, pong) have at most this many bytes (RFC 6455 §5.5). */
const CONTROL_LIMIT = 125;

/** Reads the frame that starts at `at`. Null when its end has not come; "malformed" for what no endpoint may send. */
export function readWebSocketFrame(bytes: Uint8Array, at: number): WebSocketFrame | null | "malformed" {
  if (at + 1 > bytes.length) return null;
  const opcode = (WEBSOCKET_OPCODES as Readonly<Record<number, WebSocketOpcode>>)[
    websocket.opcode.get(bytes, at)
  ];
  const reserved = websocket.reserved.get(bytes, at);
  if (opcode === undefined || (reserved & 0b011) !== 0) return "malformed";
  const size = sizeAt(bytes, at);
  if (size === null || size === "malformed") return size;
  const fin = websocket.fin.get(bytes, at) === 1;
  const control = opcode === "close" || opcode === "ping" || opcode === "pong";
  if (control && (!fin || size.payload > CONTROL_LIMIT)) return "malformed";
  const masked = websocket.mask.get(bytes, at) === 1;
  const key = at + size.head;
  const start = key + (masked ? 4 : 0);
  const end = start + size.payload;
  if (end > bytes.length) return null;
  const payload = bytes.slice(start, end);
  if (masked) for (let i = 0; i < payload.length; i++) payload[i]! ^= bytes[key + (i & 3)]!;
  return { opcode, fin, masked, compressed: (reserved & 0b100) !== 0, payload, end };
}

interface Size {
  /** Bytes before the masking key. */
  readonly head: number;
  readonly payload: number;
}

/** The length in its shortest form (RFC 6455 §5.2 asks for that). */
function sizeAt(bytes: Uint8Array, at: number): Size | null | "malformed" {
  const left = bytes.length - at;
  if (left < 2) return null;
  const length = websocket.length.get(bytes, at);
  if (length < 126) return { head: 2, payload: length };
  if (length === 126) {
    if (left < 4) return null;
    const payload = longLength.get(bytes, at);
    return payload < 126 ? "malformed" : { head: 4, payload };
  }
  if (left < 10) return null;
  const high = longerLengthHigh.get(bytes, at);
  const payload = high * 2 ** 32 + longerLengthLow.get(bytes, at);
  return high > 0x1fffff || payload < 0x10000 ? "malformed" : { head: 10, payload };
}

/** The status code in the payload of a close frame, 1005 when there is none (RFC 6455 §7.4.1). */
export function closeStatus(payload: Uint8Array): number {
  return payload.length < 2 ? 1005 : (payload[0]! << 8) | payload[1]!;
}
