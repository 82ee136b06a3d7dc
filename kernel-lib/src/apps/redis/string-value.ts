import { readInteger } from "./numbers.js";
import type { RedisValue } from "./value.js";

/** Bytes up to which a string shares its allocation with its header (OBJ_ENCODING_EMBSTR_SIZE_LIMIT). */
const EMBEDDED_LIMIT = 44;
/** Characters that a 64-bit integer may have. */
const INTEGER_LIMIT = 20;

export class StringValue implements RedisValue {
  readonly type = "string";

  constructor(
    readonly text: string,
    readonly encoding: "int" | "embstr" | "raw",
  ) {}

  /** As SET keeps it: an integer if it reads as one (tryObjectEncoding). */
  static of(text: string): StringValue {
    const whole = text.length <= INTEGER_LIMIT && readInteger(text) !== null;
    return new StringValue(text, whole ? "int" : text.length <= EMBEDDED_LIMIT ? "embstr" : "raw");
  }

  /** As a command that writes into the bytes keeps it. */
  static raw(text: string): StringValue {
    return new StringValue(text, "raw");
  }

  clone(): StringValue {
    return this;
  }
}
