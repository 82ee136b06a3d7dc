import type { Found } from "../../netfilter/getopt-long.js";

/** What getopt_long itself says of a word that it cannot take. */
export function getoptComplaint(
  program: string,
  word: string,
  found: Extract<Found<string>, { readonly kind: "missing" | "unknown" }>,
): string {
  if (found.kind === "missing") {
    const option = word.startsWith("--") ? `option '${word}' requires an argument` : null;
    return `${program}: ${option ?? `option requires an argument -- '${word.at(-1)}'`}\n`;
  }
  if (found.letter === null) return `${program}: unrecognized option '${word}'\n`;
  if (word.startsWith("--"))
    return `${program}: option '${word.replace(/=.*/, "")}' doesn't allow an argument\n`;
  return `${program}: invalid option -- '${found.letter}'\n`;
}
