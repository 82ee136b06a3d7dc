import { bytesOf } from "./byte-text.js";
import type { RedisEngine } from "./engine.js";
import { RedisError, type Reply } from "./reply.js";
import { ProtocolError, RequestReader } from "./resp-read.js";
import { type RespVersion, writeReply } from "./resp-write.js";

/** The two ends of a client's connection, as `address:port`. */
export interface SessionEnds {
  /** The client's. */
  readonly address: string;
  readonly port: number;
  /** The server's: `127.0.0.1:6379`. */
  readonly local: string;
}

/** One client's connection: bytes in, bytes out. It knows nothing of sockets. */
export class RedisSession {
  database = 0;
  resp: RespVersion = 2;
  authenticated = true;
  /** Where the answers go; what was answered before it is set comes first. */
  onOutput: ((bytes: Uint8Array) => void) | null = null;
  /** The server ends the connection; the output is complete by then. */
  onClose: (() => void) | null = null;
  closed = false;
  private readonly reader = new RequestReader();
  private readonly output: string[] = [];
  private waiting = false;
  private ending = false;
  private busy = false;

  constructor(
    readonly engine: RedisEngine,
    readonly id: number,
    readonly ends: SessionEnds,
  ) {
    this.reader.limited = () => !this.authenticated;
  }

  /** The client's bytes. Commands that are whole are carried out at once, unless the client waits (BLPOP). */
  receive(bytes: Uint8Array): void {
    if (this.closed || this.ending) return;
    this.reader.feed(bytes);
    this.proceed();
  }

  /** The client has gone, or is put out: nothing more comes in and goes out. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.engine.forget(this);
    this.onClose?.();
    this.engine.flush();
  }

  /** Ends the connection once everything is sent. */
  closeAfterReply(): void {
    this.ending = true;
    this.engine.touched(this);
  }

  /** Bytes that the client has sent and that are not read. */
  get unread(): number {
    return this.reader.waiting;
  }

  /** The client waits for an answer that comes later: its further commands are not read. */
  get blocked(): boolean {
    return this.waiting;
  }

  /** A handler that returns NO_REPLY calls it: nothing is read until {@link resume}. */
  block(): void {
    this.waiting = true;
  }

  /** The answer that a blocked client waited for. */
  resume(reply: Reply): void {
    this.waiting = false;
    this.send(reply);
    if (!this.busy) this.proceed();
  }

  /** Appends an answer, or what the client did not ask for. */
  send(reply: Reply): void {
    if (this.closed) return;
    const text = writeReply(reply, this.resp);
    if (text === "") return;
    this.output.push(text);
    this.engine.touched(this);
  }

  /** Bytes that are to be sent. */
  get unsent(): number {
    let length = 0;
    for (const text of this.output) length += text.length;
    return length;
  }

  /** Hands over what is to be sent; the engine calls it when the commands at hand are done. */
  flush(): void {
    if (this.output.length > 0 && this.onOutput !== null && !this.closed) {
      const bytes = bytesOf(this.output.join(""));
      this.output.length = 0;
      this.onOutput(bytes);
    }
    if (this.ending && this.output.length === 0) this.close();
  }

  /** Takes what is to be sent, for those who would rather ask than be called. */
  takeOutput(): Uint8Array {
    const bytes = bytesOf(this.output.join(""));
    this.output.length = 0;
    return bytes;
  }

  private proceed(): void {
    if (this.busy) return;
    this.busy = true;
    try {
      while (!this.waiting && !this.closed && !this.ending) {
        const args = this.reader.next();
        if (args === null) break;
        if (args.length > 0) this.send(this.engine.execute(this, args));
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.send(new RedisError(`ERR Protocol error: ${error.message}`));
      this.closeAfterReply();
    } finally {
      this.busy = false;
    }
    this.engine.settle();
  }
}
