import type { Process, Steps } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";

/** The options before the object: `ip -4 -d -s -o -br`. */
export interface IpOptions {
  readonly family: "inet" | "inet6" | "link" | null;
  /** How often -s was given. */
  readonly statistics: number;
  readonly details: boolean;
  readonly oneline: boolean;
  readonly brief: boolean;
  readonly force: boolean;
  readonly numeric: boolean;
  /** -j: for link, address, route and neigh. */
  readonly json: boolean;
}

/** One run of `ip`: where it reads and writes. */
export interface IpRun {
  readonly process: Process;
  /** The namespace it looks at: the process's, or that of `-n`. */
  readonly netns: Netns;
  readonly options: IpOptions;
  readonly now: number;
  write(text: string): void;
}

/** An object of `ip`: gets the words after its name. */
export type IpObject = (run: IpRun, words: readonly string[]) => number | Steps<number>;

/** The line break within one record: `\` with -o. */
export function lineBreak(options: IpOptions): string {
  return options.oneline ? "\\" : "\n";
}
