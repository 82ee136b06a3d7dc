export const ROOM_TS = `import { inOrder, type Message } from "./message.ts";

/** Messages that a room remembers. */
export const HISTORY = 500;

/** What one room knows on this server. A message is told to the listeners once, however often it arrives. */
export class Room {
  readonly name: string;
  /** Taken from users, but not yet in Redis. */
  readonly outbox = new Map<string, Message>();
  #messages: Message[] = [];
  readonly #ids = new Set<string>();
  readonly #listeners = new Set<(message: Message) => void>();

  constructor(name: string) {
    this.name = name;
  }

  /** Oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Calls the listener for every new message, until the returned function is called. */
  listen(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a message in, from Redis. */
  learn(message: Message): void {
    if (this.#ids.has(message.id)) return;
    this.#ids.add(message.id);
    const later = this.#messages.findLastIndex((known) => inOrder(known, message) < 0) + 1;
    this.#messages.splice(later, 0, message);
    if (this.#messages.length > HISTORY) this.#ids.delete(this.#messages.shift()!.id);
    for (const listener of this.#listeners) listener(message);
  }

  /** Messages that Redis should have, but has not: it went away, and came back with less than it had. */
  missingIn(stored: readonly Message[]): Message[] {
    const ids = new Set(stored.map(({ id }) => id));
    const oldest = stored.length < HISTORY ? null : stored[0]!;
    return this.#messages.filter(
      (message) => !ids.has(message.id) && (oldest === null || inOrder(oldest, message) < 0),
    );
  }
}
`;
