import type { RedisEngine } from "./engine.js";
import type { EventKind } from "./family.js";

/** Kinds that `A` stands for in `notify-keyspace-events` (NOTIFY_ALL). */
const ALL_KINDS = "g$lshzxetd";
/** The order in which Redis gives the letters back (keyspaceEventsFlagsToString). */
const LETTERS = "g$lshzxetdKEmn";

/** The setting's canonical form, or null when a letter of it is unknown. */
export function normalizeNotifications(text: string): string | null {
  const wanted = new Set([...text].flatMap((letter) => (letter === "A" ? [...ALL_KINDS] : [letter])));
  for (const letter of wanted) if (!LETTERS.includes(letter)) return null;
  const all = [...ALL_KINDS].every((letter) => wanted.has(letter));
  const kept = [...LETTERS].filter((letter) => wanted.has(letter) && !(all && ALL_KINDS.includes(letter)));
  return (all ? "A" : "") + kept.join("");
}

/** The messages that an event of a key becomes: channel and text. */
export function notificationsFor(
  engine: RedisEngine,
  database: number,
  kind: EventKind,
  event: string,
  key: string,
): [channel: string, message: string][] {
  const setting = engine.settings.get("notify-keyspace-events") ?? "";
  if (setting === "") return [];
  if (!setting.includes(kind) && !(setting.includes("A") && ALL_KINDS.includes(kind))) return [];
  const messages: [string, string][] = [];
  if (setting.includes("K")) messages.push([`__keyspace@${database}__:${key}`, event]);
  if (setting.includes("E")) messages.push([`__keyevent@${database}__:${event}`, key]);
  return messages;
}
