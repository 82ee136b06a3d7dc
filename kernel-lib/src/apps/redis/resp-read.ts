import { byteText } from "./byte-text.js";
import { readInteger } from "./numbers.js";
import { splitArguments } from "./split-arguments.js";

/** Bytes after which a line without an end is an error (PROTO_INLINE_MAX_SIZE). */
const LINE_LIMIT = 64 * 1024;
/** Arguments that one command may have (2^31 - 1), and those of a client that is not authenticated. */
const ARGUMENT_LIMIT = 2n ** 31n - 1n;
/** Bytes that one argument may have (proto-max-bulk-len). */
const BULK_LIMIT = 512n * 1024n * 1024n;

/** The client broke the protocol: it gets `-ERR Protocol error: …` and is shut out. */
export class ProtocolError extends Error {}

/**
 * Takes the bytes of a client as they come and gives its commands: arrays of bulk strings, or plain lines as typed by telnet.
 * Source: Redis 7.0, networking.c processMultibulkBuffer and processInlineBuffer.
 */
export class RequestReader {
  private text = "";
  /** Where in the text the next byte to read is. */
  private at = 0;
  /** Arguments that the begun array still lacks, or null between commands. */
  private missing: number | null = null;
  /** The length of the begun argument, or null before its line. */
  private bulkLength: number | null = null;
  private args: string[] = [];

  /** The client has not said its password yet: it may send 10 arguments of 16 KB only. */
  limited: () => boolean = () => false;

  feed(bytes: Uint8Array): void {
    this.text = this.text.slice(this.at) + byteText(bytes);
    this.at = 0;
  }

  /** Bytes that came and are not read yet. */
  get waiting(): number {
    return this.text.length - this.at;
  }

  /** The next whole command, or null if more bytes are needed. An empty one is an empty list. */
  next(): string[] | null {
    if (this.missing === null) {
      if (this.at >= this.text.length) return null;
      if (this.text[this.at] !== "*") return this.inline();
      if (!this.begin()) return null;
      if (this.missing === null) return [];
    }
    while (this.missing! > 0) {
      const argument = this.argument();
      if (argument === null) return null;
      this.args.push(argument);
      this.missing!--;
    }
    const whole = this.args;
    this.args = [];
    this.missing = null;
    return whole;
  }

  private inline(): string[] | null {
    const end = this.text.indexOf("\n", this.at);
    if (end < 0) {
      if (this.waiting > LINE_LIMIT) throw new ProtocolError("too big inline request");
      return null;
    }
    const line = this.text.slice(this.at, this.text[end - 1] === "\r" && end > this.at ? end - 1 : end);
    const words = splitArguments(line);
    if (words === null) throw new ProtocolError("unbalanced quotes in request");
    this.at = end + 1;
    return words;
  }

  /** Reads `*3`; leaves `missing` null if the array is empty. False if its line is not whole yet. */
  private begin(): boolean {
    const line = this.line("too big mbulk count string");
    if (line === null) return false;
    const count = readInteger(line.slice(1));
    if (count === null || count > ARGUMENT_LIMIT) throw new ProtocolError("invalid multibulk length");
    if (count > 10n && this.limited()) throw new ProtocolError("unauthenticated multibulk length");
    if (count > 0n) this.missing = Number(count);
    return true;
  }

  private argument(): string | null {
    if (this.bulkLength === null) {
      if (this.at >= this.text.length) return null;
      const line = this.line("too big bulk count string");
      if (line === null) return null;
      if (line[0] !== "$") throw new ProtocolError(`expected '$', got '${line[0] ?? "\r"}'`);
      const length = readInteger(line.slice(1));
      if (length === null || length < 0n || length > BULK_LIMIT) {
        throw new ProtocolError("invalid bulk length");
      }
      if (length > 16384n && this.limited()) throw new ProtocolError("unauthenticated bulk length");
      this.bulkLength = Number(length);
    }
    const end = this.at + this.bulkLength;
    if (this.text.length < end + 2) return null;
    const argument = this.text.slice(this.at, end);
    this.at = end + 2;
    this.bulkLength = null;
    return argument;
  }

  private line(tooLong: string): string | null {
    const end = this.text.indexOf("\r", this.at);
    if (end < 0) {
      if (this.waiting > LINE_LIMIT) throw new ProtocolError(tooLong);
      return null;
    }
    if (this.text.length < end + 2) return null;
    const line = this.text.slice(this.at, end);
    this.at = end + 2;
    return line;
  }
}
