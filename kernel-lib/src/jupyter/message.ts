import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of Jupyter's message protocol that the kernel and the client speak. */
export const PROTOCOL_VERSION = "5.3";

/** The header of a message (Jupyter messaging, "Message header"). */
export interface MessageHeader {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

export type Content = Record<string, unknown>;

/** A message of Jupyter's protocol, as it is after its signature was checked. */
export interface JupyterMessage {
  /** ZeroMQ routing prefix: empty on a publisher, the client's identity on a router. */
  readonly identities: readonly Uint8Array[];
  readonly header: MessageHeader;
  /** The header of the request that caused this message; `{}` when nothing did. */
  readonly parent: MessageHeader | Record<string, never>;
  readonly metadata: Content;
  readonly content: Content;
}

const DELIMITER = Buffer.from("<IDS|MSG>");

/** A frame that is no Jupyter message, or whose signature does not fit the key. The receiver drops it. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

/** A new header with an id of its own. */
export function makeHeader(type: string, session: string, username = "kernel"): MessageHeader {
  return {
    msg_id: randomUUID(),
    session,
    username,
    date: new Date().toISOString(),
    msg_type: type,
    version: PROTOCOL_VERSION,
  };
}

/** HMAC-SHA256 over the four JSON frames, in hex; empty with an empty key (signing is off then). */
function sign(key: string, frames: readonly Uint8Array[]): string {
  if (key === "") return "";
  const hash = createHmac("sha256", key);
  for (const frame of frames) hash.update(frame);
  return hash.digest("hex");
}

/** The frames of a message on the wire: identities, delimiter, signature, header, parent, metadata, content. */
export function encodeMessage(key: string, message: JupyterMessage): Uint8Array[] {
  const parts = [message.header, message.parent, message.metadata, message.content];
  const body = parts.map((part) => Buffer.from(JSON.stringify(part)));
  return [...message.identities, DELIMITER, Buffer.from(sign(key, body)), ...body];
}

/** Reads the frames of one message. Throws {@link MalformedMessage} when they are none, or are signed by another key. */
export function decodeMessage(key: string, frames: readonly Uint8Array[]): JupyterMessage {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  const body = frames.slice(delimiter + 2, delimiter + 6);
  if (delimiter < 0 || body.length < 4) throw new MalformedMessage("message without delimiter or body");
  const given = Buffer.from(frames[delimiter + 1]!);
  const wanted = Buffer.from(sign(key, body));
  if (key !== "" && (given.length !== wanted.length || !timingSafeEqual(given, wanted)))
    throw new MalformedMessage("message with a wrong signature");
  const [header, parent, metadata, content] = body.map(parseFrame);
  return {
    identities: frames.slice(0, delimiter),
    header: header as unknown as MessageHeader,
    parent: parent as unknown as MessageHeader,
    metadata: metadata!,
    content: content!,
  };
}

function parseFrame(frame: Uint8Array): Content {
  try {
    return JSON.parse(Buffer.from(frame).toString("utf8")) as Content;
  } catch {
    throw new MalformedMessage("message whose body is not JSON");
  }
}
