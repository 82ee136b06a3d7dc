export const HUB_TS = `import { Redis } from "ioredis";
import { type Draft, LOBBY, type Message, parseMessage } from "./message.ts";
import { HISTORY, Room } from "./room.ts";

export type Status = "ready" | "reconnecting";

/** Rooms that one server keeps at most. */
const MOST_ROOMS = 100;
/** After this time without an answer a connection counts as dead, in milliseconds. */
const PATIENCE = 5000;
/** Between two tries to reach Redis. */
const PAUSE = 500;

const channelOf = (room: string): string => \`chat:\${room}\`;
const historyOf = (room: string): string => \`chat:\${room}:history\`;

/**
 * The servers' meeting place. A message goes to Redis, and comes back from there to every server, the one that took it among them.
 *
 * A room's history is a sorted set, by time: the same message can be added twice and is there once, so that a message whose
 * fate is unknown (the connection broke before the answer) is simply sent again.
 */
export class Hub {
  readonly host: string;
  status: Status = "reconnecting";
  readonly #rooms = new Map<string, Room>();
  readonly #statusListeners = new Set<(status: Status) => void>();
  readonly #publisher: Redis;
  /** A connection that has subscribed is told what others publish, and asks for nothing else. */
  readonly #subscriber: Redis;
  readonly #pulse: ReturnType<typeof setInterval>;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #recovering = false;
  /** The last error told, so that a hundred tries are not a hundred lines. */
  #complaint = "";
  #lastTime = 0;

  constructor(url: string, host: string) {
    this.host = host;
    this.#publisher = this.#connect(url);
    this.#subscriber = this.#connect(url);
    this.#subscriber.on("message", (channel: string, json: string) => {
      const room = this.#rooms.get(channel.slice(channelOf("").length));
      const message = parseMessage(json);
      if (room !== undefined && message !== null && message.room === room.name) room.learn(message);
    });
    this.room(LOBBY);
    this.#pulse = setInterval(() => {
      for (const redis of [this.#publisher, this.#subscriber]) redis.ping().catch(() => {});
    }, PATIENCE);
  }

  /** The room of that name; it is made when it is first asked for. Null when there are too many. */
  room(name: string): Room | null {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    if (this.#rooms.size >= MOST_ROOMS) return null;
    const room = new Room(name);
    this.#rooms.set(name, room);
    if (this.status === "ready") this.#join(room).catch(() => this.#lost());
    return room;
  }

  /** Calls the listener when Redis comes or goes, until the returned function is called. */
  onStatus(listener: (status: Status) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  /** Stamps a draft and sends it; \`stored\` is false when it waits here for Redis. */
  async post(room: Room, draft: Draft): Promise<{ message: Message; stored: boolean }> {
    this.#lastTime = Math.max(Date.now(), this.#lastTime + 1);
    const message = { id: \`\${this.host}-\${this.#lastTime}\`, ...draft, host: this.host, time: this.#lastTime };
    room.outbox.set(message.id, message);
    if (this.status !== "ready") return { message, stored: false };
    try {
      await this.#store(room, message);
      return { message, stored: true };
    } catch {
      this.#lost();
      return { message, stored: false };
    }
  }

  close(): void {
    clearInterval(this.#pulse);
    clearTimeout(this.#retry);
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }

  /** Commands fail at once while the connection is down; what must not be lost is in a room's outbox. */
  #connect(url: string): Redis {
    const redis = new Redis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      connectTimeout: PATIENCE,
      socketTimeout: PATIENCE,
      retryStrategy: () => PAUSE,
    });
    redis.on("error", (error: Error) => {
      if (error.message !== this.#complaint) console.log(\`redis: \${error.message}\`);
      this.#complaint = error.message;
    });
    redis.on("ready", () => this.#recover());
    redis.on("close", () => this.#lost());
    return redis;
  }

  #setStatus(status: Status): void {
    if (this.status === status) return;
    this.status = status;
    this.#complaint = "";
    console.log(\`redis: \${status}\`);
    for (const listener of this.#statusListeners) listener(status);
  }

  /** Redis does not answer as it should: try again soon, also when the connections still stand. */
  #lost(): void {
    this.#setStatus("reconnecting");
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#recover(), PAUSE);
  }

  async #recover(): Promise<void> {
    if (this.#recovering || this.status === "ready") return;
    if (this.#publisher.status !== "ready" || this.#subscriber.status !== "ready") return;
    this.#recovering = true;
    try {
      for (const room of this.#rooms.values()) await this.#join(room);
      this.#setStatus("ready");
      this.#sendWaiting();
    } catch {
      this.#lost();
    } finally {
      this.#recovering = false;
    }
  }

  /** Subscribes, reads what was said meanwhile, and writes what Redis does not know. */
  async #join(room: Room): Promise<void> {
    await this.#subscriber.subscribe(channelOf(room.name));
    const lines = await this.#publisher.zrange(historyOf(room.name), "0", "-1");
    const stored = lines.map(parseMessage).filter((message) => message !== null);
    const missing = room.missingIn(stored);
    for (const message of stored) room.learn(message);
    await Promise.all([...missing, ...room.outbox.values()].map((message) => this.#store(room, message)));
  }

  /** Sends what came in while the rooms were joined one by one. */
  #sendWaiting(): void {
    for (const room of this.#rooms.values())
      for (const message of room.outbox.values()) this.#store(room, message).catch(() => this.#lost());
  }

  /** Keeps a message in the history and tells it to all servers: both or neither. */
  async #store(room: Room, message: Message): Promise<void> {
    const json = JSON.stringify(message);
    const key = historyOf(room.name);
    const replies = await this.#publisher
      .multi()
      .zadd(key, message.time, json)
      .zremrangebyrank(key, 0, -HISTORY - 1)
      .publish(channelOf(room.name), json)
      .exec();
    const failed = replies?.find(([error]) => error !== null);
    if (!replies || failed) throw failed?.[0] ?? new Error("not stored");
    room.outbox.delete(message.id);
  }
}
`;
