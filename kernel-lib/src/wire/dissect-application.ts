import type { Layer } from "./dissect.js";
import { websocket } from "./websocket.js";

const LATIN = new TextDecoder("latin1");
/** Characters of a line that are shown. */
const SHOWN = 60;

/**
 * The data of a TCP segment as what an application says, when a message of HTTP, WebSocket or Redis begins there; null for anything else. Only the beginning is looked
 * at: `bytes` may hold less than the segment's data, which ends at `end`.
 */
export function applicationLayer(bytes: Uint8Array, at: number, end: number): Layer | null {
  const length = end - at;
  if (length <= 0 || at >= bytes.length) return null;
  return websocketLayer(bytes, at, length) ?? textLayer(bytes, at, length);
}

const OPCODES: Readonly<Record<number, string>> = {
  1: "text",
  2: "binary",
  8: "close",
  9: "ping",
  10: "pong",
};

/** A whole frame that begins a message: 0x81 and the like, which no text begins with. */
function websocketLayer(bytes: Uint8Array, at: number, length: number): Layer | null {
  const opcode = websocket.opcode.get(bytes, at);
  const name = OPCODES[opcode];
  if (name === undefined || websocket.fin.get(bytes, at) === 0 || websocket.reserved.get(bytes, at) !== 0)
    return null;
  if (at + 4 > bytes.length) return null;
  const masked = websocket.mask.get(bytes, at) === 1;
  const short = websocket.length.get(bytes, at);
  const payload = short === 126 ? bytes[at + 2]! * 256 + bytes[at + 3]! : short;
  const head = (short === 126 ? 4 : 2) + (masked ? 4 : 0);
  if (short === 127 || head + payload > length) return null;
  return {
    name: "WebSocket",
    offset: at,
    length,
    fields: [
      ["opcode", `${opcode} (${name})`],
      ["masked", masked ? "yes" : "no"],
      ["length", `${payload}`],
    ],
  };
}

const HTTP = /^(HTTP\/1\.[01] \d{3}|[A-Z]{3,10} \S+ HTTP\/1\.[01]\r)/;
const RESP = /^([*>%~]\d{1,7}\r\n[$:+\-*]|\$\d{1,9}\r\n|[+:-][^\r\n]*\r\n)/;

function textLayer(bytes: Uint8Array, at: number, length: number): Layer | null {
  const text = LATIN.decode(bytes.subarray(at, Math.min(bytes.length, at + Math.min(length, 400))));
  if (HTTP.test(text)) {
    const [line = ""] = text.split("\r\n");
    return { name: "HTTP", offset: at, length, fields: [["", clipped(line)]] };
  }
  if (!RESP.test(text)) return null;
  return { name: "RESP", offset: at, length, fields: [["", clipped(text.split("\r\n").join(" "))]] };
}

function clipped(line: string): string {
  const shown = line.trimEnd();
  return shown.length <= SHOWN ? shown : `${shown.slice(0, SHOWN - 1)}…`;
}
