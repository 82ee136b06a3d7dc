import { expect, test } from "vitest";
import { Random } from "../../kernel-lib/src/sim/random.js";
import { compileFilter } from "../../kernel-lib/src/tools/tcpdump/filter/compile.js";
import { FilterError } from "../../kernel-lib/src/tools/tcpdump/filter/filter-error.js";
import { FramePrinter } from "../../kernel-lib/src/tools/tcpdump/printer.js";
import { CaptureFileError } from "../../kernel-lib/src/wire/capture.js";
import { readCapture } from "../../kernel-lib/src/wire/pcap.js";
import { bytesOf, textOf } from "./captures.js";

const FILTERS = [
  "port 80",
  "tcp[tcpflags] & tcp-syn != 0",
  "host 172.17.0.2 and not arp",
  "ip[2:2] % ip[8] = 1",
  "ip6 or len > 60",
];

for (const path of ["tcpdump/captures/kinds.pcap", "tcpdump/captures/cooked.pcap"]) {
  test(`10,000 random mutations of the frames of ${path}: printed and filtered without a throw`, () => {
    const random = new Random(7);
    const { frames, linkType } = readCapture(bytesOf(path));
    const filters = FILTERS.map((filter) => compileFilter(filter, { linkType }));
    const printers = [1, 2, 3].map(
      (verbose) => new FramePrinter({ linkType, options: { verbose, numeric: true, link: verbose === 2 } }),
    );
    for (let i = 0; i < 10_000; i++) {
      const frame = frames[below(random, frames.length)];
      if (frame === undefined) continue;
      const bytes = frame.bytes.slice(0, 1 + below(random, frame.bytes.length));
      for (let n = below(random, 6); n > 0; n--) bytes[below(random, bytes.length)] = below(random, 256);
      const mutated = { ...frame, bytes };
      for (const printer of printers) expect(printer.print(mutated).endsWith("\n")).toBe(true);
      for (const filter of filters) expect(typeof filter(bytes, frame.originalLength)).toBe("boolean");
    }
  });
}

test("mutated filters and capture files give errors of their own kind only", () => {
  const random = new Random(11);
  const filters = textOf("tcpdump/filters.txt")
    .split("\n")
    .flatMap((line) => (line.startsWith("> ") ? [line.slice(2)] : []));
  const file = bytesOf("tcpdump/captures/cut-20.pcap");
  for (let i = 0; i < 10_000; i++) {
    const filter = [...(filters[below(random, filters.length)] ?? "")];
    filter.splice(
      below(random, filter.length + 1),
      below(random, 3),
      String.fromCharCode(32 + below(random, 95)),
    );
    expect(() => swallow(() => compileFilter(filter.join("")), FilterError)).not.toThrow();
  }
  for (let i = 0; i < 300; i++) {
    const bytes = file.slice(0, below(random, file.length));
    for (let n = below(random, 4); n > 0 && bytes.length > 0; n--)
      bytes[below(random, Math.min(bytes.length, 200))] = below(random, 256);
    expect(() => swallow(() => readCapture(bytes), CaptureFileError)).not.toThrow();
  }
});

function swallow(run: () => unknown, kind: new (message: string) => Error): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
  }
}

/** A whole number from 0 to `bound` - 1. */
function below(random: Random, bound: number): number {
  return Math.floor(random.unit() * bound);
}
