/** Something in a notebook that no page can show. The message names the cell by its number, 1 for the first. */
export class PageError extends Error {
  constructor(
    readonly cell: number,
    what: string,
  ) {
    super(`cell ${cell}: ${what}`);
    this.name = "PageError";
  }
}
