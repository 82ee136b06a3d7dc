import { expect, test } from "vitest";
import { compileFilter } from "../../kernel-lib/src/tools/tcpdump/filter/compile.js";
import { FilterError } from "../../kernel-lib/src/tools/tcpdump/filter/filter-error.js";
import type { CaptureFile } from "../../kernel-lib/src/wire/capture.js";
import { readCapture } from "../../kernel-lib/src/wire/pcap.js";
import { bytesOf, textOf } from "./captures.js";

/** `frames 1-3,7`: the numbers of the frames that pass; or the error. */
function outcome(filter: string, file: CaptureFile): string {
  try {
    const passes = compileFilter(filter, { linkType: file.linkType });
    const numbers = file.frames.flatMap((frame, index) =>
      passes(frame.bytes, frame.originalLength) ? [index + 1] : [],
    );
    return `frames ${ranges(numbers)}`.trim();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return error.message;
  }
}

function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** Filters that libpcap has and this compiler refuses. */
const REFUSED: readonly string[] = ["vlan"];

const [head = "", ...cases] = textOf("tcpdump/filters.txt").split(/^> /m);
const files = [...head.matchAll(/^@\d+ (.*)$/gm)].map(([, path = ""]) => readCapture(bytesOf(path)));

for (const text of cases) {
  const [filter = "", ...results] = text.trimEnd().split("\n");
  test(filter, () => {
    for (const result of results) {
      const [which = "", expected = ""] = result.split(/ (.*)/s);
      for (const [index, file] of files.entries()) {
        if (which !== "*" && which !== String(index)) continue;
        if (REFUSED.includes(filter))
          expect(outcome(filter, file)).toBe(`filter primitive '${filter}' is not supported here`);
        else expect(`${index} ${outcome(filter, file)}`).toBe(`${index} ${expected.trim()}`);
      }
    }
  });
}
