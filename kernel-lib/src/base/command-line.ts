/** One word for bash, quoted where it must be. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A list of words as one line for bash: `docker run -e 'A=two words' nginx`. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quoteWord).join(" ");
}
