import { expect, test } from "vitest";
import type { PrintOptions } from "../../kernel-lib/src/tools/tcpdump/print-options.js";
import { printed, textOf } from "./captures.js";

/** Outputs of tcpdump 4.99.3 in UTC: `=== FILE`, then what `tcpdump -r FILE FLAGS` printed. */
const SETS: Record<string, Partial<PrintOptions>> = {
  "-n": { numeric: true },
  "-n-e-q": { numeric: true, link: true, quiet: 1 },
  "-n-q": { numeric: true, quiet: 1 },
  "-n-A": { numeric: true, ascii: 1 },
  "-n-X-v": { numeric: true, hexAndAscii: 1, verbose: 1 },
  "-n-e-XX-tttt": { numeric: true, link: true, hexAndAscii: 2, time: 4 },
  "-n-t-S-vvv": { numeric: true, time: 1, absoluteSequence: true, verbose: 3 },
  "-e-ttt": { link: true, time: 3 },
  "-xx-tt-n-number": { hex: 2, time: 2, numeric: true, number: true },
  "-n-x-ttttt-K-v": { numeric: true, hex: 1, time: 5, ignoreChecksums: true, verbose: 1 },
};

for (const [flags, options] of Object.entries(SETS)) {
  const parts = textOf(`tcpdump/expected/flags${flags}.txt.gz`)
    .split(/^=== (.*)\n/m)
    .slice(1);
  for (let i = 0; i < parts.length; i += 2) {
    const [path = "", expected] = parts.slice(i, i + 2);
    test(`${flags} ${path}`, () => expect(printed(path, options)).toBe(expected));
  }
}
