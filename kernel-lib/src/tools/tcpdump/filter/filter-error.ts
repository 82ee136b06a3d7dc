/** A filter expression that cannot be compiled. The message is libpcap's, without the `tcpdump: `. */
export class FilterError extends Error {
  override readonly name = "FilterError";
}

/** The message of every expression that the grammar does not have (libpcap 1.10.3). */
export const SYNTAX_ERROR = "can't parse filter expression: syntax error";

/** A syntax error. Its own class, because a reading of an expression that fails so may be followed by another reading. */
export class FilterSyntaxError extends FilterError {
  constructor() {
    super(SYNTAX_ERROR);
  }
}
