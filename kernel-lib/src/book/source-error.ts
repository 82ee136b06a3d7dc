/** A mistake in a chapter's text, with its place. The message reads `FILE:LINE: what is wrong`. */
export class SourceError extends Error {
  constructor(
    readonly file: string,
    /** 1 for the file's first line. */
    readonly line: number,
    what: string,
  ) {
    super(`${file}:${line}: ${what}`);
    this.name = "SourceError";
  }
}
