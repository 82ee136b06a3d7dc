import { FilterError, FilterSyntaxError } from "./filter-error.js";
import type { Token } from "./lexer.js";

/** Reads tokens one by one; a lexical error is reported when it is reached. */
export class TokenReader {
  position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** The token `ahead` places on. */
  peek(ahead = 0): Token {
    const index = Math.min(this.position + ahead, this.tokens.length - 1);
    const token = this.tokens[index];
    if (token === undefined) throw new FilterSyntaxError();
    return token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind === "ERROR" || token.kind === "refused") throw this.syntaxError(token);
    this.position++;
    return token;
  }

  expect(kind: string): Token {
    const token = this.take();
    if (token.kind !== kind) throw this.syntaxError(token);
    return token;
  }

  /** What is wrong with a token that does not fit. */
  syntaxError(token: Token): FilterError {
    if (token.kind === "refused")
      return new FilterError(`filter primitive '${token.text}' is not supported here`);
    return token.message === null ? new FilterSyntaxError() : new FilterError(token.message);
  }
}
