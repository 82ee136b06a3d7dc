import type { LineOptions } from "../../netfilter/conntrack/print.js";
import type { GivenOption } from "./command-line.js";
import { usageError } from "./usage.js";

export interface OutputOptions extends LineOptions {
  /** The time of each event in front (`-o timestamp`). */
  readonly timestamp: boolean;
}

/** The words of `-o`. */
export function readOutput(options: readonly GivenOption[]): OutputOptions {
  const words = options.flatMap(({ key, value }) => (key === "o" ? value!.split(",") : []));
  for (const word of words) {
    if (["xml", "labels", "save"].includes(word)) throw usageError(`output ${word} is not supported here`);
    if (!["extended", "timestamp", "id", "ktimestamp", "userspace"].includes(word))
      throw usageError(`Bad parameter \`${word}'`);
  }
  return {
    extended: words.includes("extended"),
    id: words.includes("id"),
    dates: words.includes("ktimestamp"),
    timestamp: words.includes("timestamp"),
  };
}
