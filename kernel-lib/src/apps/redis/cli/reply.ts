import { byteText } from "../byte-text.js";

/** A reply as redis-cli shows it. Strings are bytes, one character each. */
export type CliReply =
  | { readonly kind: "status" | "error" | "string" | "verbatim" | "double" | "bignum"; readonly text: string }
  | { readonly kind: "integer"; readonly text: string }
  | { readonly kind: "nil" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "array" | "map" | "set" | "push"; readonly items: readonly CliReply[] };

/** The stream is not RESP: hiredis' words. */
export class ReplyError extends Error {}

const AGGREGATES: Readonly<Record<string, "array" | "map" | "set" | "push">> = {
  "*": "array",
  "%": "map",
  "~": "set",
  ">": "push",
};
const LINES: Readonly<Record<string, "status" | "error" | "integer" | "double" | "bignum">> = {
  "+": "status",
  "-": "error",
  ":": "integer",
  ",": "double",
  "(": "bignum",
};

/** Takes bytes as they come and gives whole replies. */
export class ReplyReader {
  private text = "";
  private at = 0;

  feed(bytes: Uint8Array): void {
    this.text = this.text.slice(this.at) + byteText(bytes);
    this.at = 0;
  }

  /** The next reply, or null if it is not whole yet. Throws {@link ReplyError}. */
  next(): CliReply | null {
    const start = this.at;
    const reply = this.read();
    if (reply === null) this.at = start;
    return reply;
  }

  private read(): CliReply | null {
    const end = this.text.indexOf("\r\n", this.at);
    if (end < 0) return null;
    const sign = this.text[this.at]!;
    const line = this.text.slice(this.at + 1, end);
    this.at = end + 2;
    const plain = LINES[sign];
    if (plain !== undefined) return { kind: plain, text: line };
    if (sign === "_") return { kind: "nil" };
    if (sign === "#") return { kind: "bool", value: line === "t" };
    if (sign === "$" || sign === "=") return this.bulk(sign, Number(line));
    const aggregate = AGGREGATES[sign];
    if (aggregate === undefined)
      throw new ReplyError(`Protocol error, got ${JSON.stringify(sign)} as reply type byte`);
    return this.items(aggregate, Number(line));
  }

  private bulk(sign: string, length: number): CliReply | null {
    if (length < 0) return { kind: "nil" };
    if (this.text.length < this.at + length + 2) return null;
    const text = this.text.slice(this.at, this.at + length);
    this.at += length + 2;
    return sign === "$" ? { kind: "string", text } : { kind: "verbatim", text: text.slice(4) };
  }

  private items(kind: "array" | "map" | "set" | "push", length: number): CliReply | null {
    if (length < 0) return { kind: "nil" };
    const items: CliReply[] = [];
    for (let left = kind === "map" ? 2 * length : length; left > 0; left--) {
      const item = this.read();
      if (item === null) return null;
      items.push(item);
    }
    return { kind, items };
  }
}
