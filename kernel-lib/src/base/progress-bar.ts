/** A bar of `width` characters for work that is `done` of `total`. */
export function progressBar(done: number, total: number, width = 24): string {
  const full = total === 0 ? width : Math.round((done / total) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}
