import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import { Mapping, type Reply } from "../reply.js";
import { StringValue } from "../string-value.js";

interface LcsOptions {
  readonly length: boolean;
  readonly indexes: boolean;
  readonly withLengths: boolean;
  readonly shortest: number;
}

/** The longest common subsequence of two strings. Source: Redis 7.0, t_string.c lcsCommand. */
export function lcs(call: Call): Reply {
  const [a, b] = [1, 2].map((index) => {
    const value = call.keys.get(call.arg(index));
    if (value !== undefined && !(value instanceof StringValue)) {
      throw error("The specified keys must contain string values");
    }
    return value?.text ?? "";
  }) as [string, string];
  const options = readOptions(call);
  const lengths = table(a, b);
  const total = lengths[a.length * (b.length + 1) + b.length]!;
  if (options.length) return total;
  const { text, matches } = walk(a, b, lengths, options);
  if (!options.indexes) return text;
  return new Mapping([
    ["matches", matches],
    ["len", total],
  ]);
}

function readOptions(call: Call): LcsOptions {
  let [length, indexes, withLengths, shortest] = [false, false, false, 0];
  for (let i = 3; i < call.count; i++) {
    const word = call.word(i);
    if (word === "idx") indexes = true;
    else if (word === "len") length = true;
    else if (word === "withmatchlen") withLengths = true;
    else if (word === "minmatchlen" && i + 1 < call.count) shortest = Math.max(0, call.integer(++i));
    else throw syntaxError();
  }
  if (length && indexes) throw error("If you want both the length and indexes, please just use IDX.");
  return { length, indexes, withLengths, shortest };
}

/** Lengths for every pair of beginnings, row by row. */
function table(a: string, b: string): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      lengths[i * width + j] =
        a[i - 1] === b[j - 1]
          ? lengths[(i - 1) * width + j - 1]! + 1
          : Math.max(lengths[(i - 1) * width + j]!, lengths[i * width + j - 1]!);
    }
  }
  return lengths;
}

/** Goes back from the ends, as Redis does: matches come last first. */
function walk(a: string, b: string, lengths: Uint32Array, options: LcsOptions) {
  const width = b.length + 1;
  let [i, j, text] = [a.length, b.length, ""];
  const matches: Reply[] = [];
  let run = 0;
  const end = () => {
    if (run > 0 && run >= options.shortest) {
      const pair: Reply[] = [
        [i, i + run - 1],
        [j, j + run - 1],
      ];
      matches.push(options.withLengths ? [...pair, run] : pair);
    }
    run = 0;
  };
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      text = a[i - 1] + text;
      run++;
      i--;
      j--;
      continue;
    }
    end();
    if (lengths[(i - 1) * width + j]! > lengths[i * width + j - 1]!) i--;
    else j--;
  }
  end();
  return { text, matches };
}
