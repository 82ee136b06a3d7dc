export const MESSAGE_TS = `/** What a user has written, before the server stamps it. */
export interface Draft {
  readonly room: string;
  readonly name: string;
  readonly text: string;
}

/** A message as all servers and pages know it. */
export interface Message extends Draft {
  /** The host that took the message, and a number that this host gives once. */
  readonly id: string;
  readonly host: string;
  /** Milliseconds since 1970, by the clock of that host. */
  readonly time: number;
}

/** What is wrong with a draft, in words for the user. */
export class DraftError extends Error {}

/** The room of everybody who names none. */
export const LOBBY = "lobby";

const LONGEST_NAME = 40;
const LONGEST_TEXT = 2000;

/** The name of a room, as given in a URL or a message. */
export function readRoom(value: unknown): string {
  const room = value === undefined || value === null || value === "" ? LOBBY : value;
  if (typeof room !== "string" || !/^[a-z0-9-]{1,32}$/.test(room))
    throw new DraftError("room: 1 to 32 of a-z, 0-9 and -");
  return room;
}

/** A draft out of what a form or a socket sent. */
export function readDraft(value: unknown): Draft {
  if (typeof value !== "object" || value === null) throw new DraftError("a message is an object");
  const { room, name, text } = value as Record<string, unknown>;
  return {
    room: readRoom(room),
    name: readText("name", name, LONGEST_NAME),
    text: readText("text", text, LONGEST_TEXT),
  };
}

function readText(field: string, value: unknown, longest: number): string {
  const text = typeof value === "string" ? value.trim() : "";
  if (text === "") throw new DraftError(\`\${field}: missing\`);
  if (text.length > longest) throw new DraftError(\`\${field}: longer than \${longest} characters\`);
  return text;
}

/** A message that came from Redis, where anybody can write; null for what is none. */
export function parseMessage(json: string): Message | null {
  try {
    const value = JSON.parse(json);
    const { id, host, time } = value;
    if (typeof id !== "string" || typeof host !== "string" || !Number.isFinite(time)) return null;
    return { id, ...readDraft(value), host, time };
  } catch {
    return null;
  }
}

/** Oldest first; the same order on every server. */
export function inOrder(a: Message, b: Message): number {
  return a.time - b.time || (a.id < b.id ? -1 : Number(a.id > b.id));
}
`;
