import type { JournalEntry } from "../../lab/journal.js";
import { readEntries } from "../../lab/parse-journal.js";
import { formatDuration } from "./duration.js";

/** Most entries of one journal: a long evening's work is 500. */
const MOST_ENTRIES = 5_000;
/** Most characters of one entry: a file that is written with `cat <<EOF` may be long. */
const MOST_TEXT = 100_000;
/** Most virtual time that a journal may let pass, in nanoseconds: thirty days. */
const MOST_TIME = 30 * 86_400e9;
/** Most requests of one load, and most processors of one machine. */
const MOST_REQUESTS = 100_000;
const MOST_PROCESSORS = 256;

/**
 * The entries of a journal that left the sandbox. Throws a RangeError, in words for the student, for what is no entry and for what asks for more than
 * any solution needs.
 */
export function readOpenedEntries(texts: readonly string[]): JournalEntry[] {
  if (texts.length > MOST_ENTRIES)
    throw new RangeError(
      `the journal has ${texts.length} entries; the most that is replayed is ${MOST_ENTRIES}`,
    );
  const long = texts.findIndex((text) => text.length > MOST_TEXT);
  if (long >= 0) throw new RangeError(`journal entry ${long + 1} has more than ${MOST_TEXT} characters`);
  const entries = readEntries(texts.map((text) => JSON.parse(text) as unknown));
  for (const [i, entry] of entries.entries()) refuseTooMuch(entry, `journal entry ${i + 1} (${entry.kind})`);
  const waited = entries.reduce((sum, entry) => sum + (entry.kind === "wait" ? entry.duration : 0), 0);
  if (waited > MOST_TIME)
    throw new RangeError(
      `the journal waits ${formatDuration(waited)}; the most is ${formatDuration(MOST_TIME)}`,
    );
  return entries;
}

function refuseTooMuch(entry: JournalEntry, where: string): void {
  if (entry.at > MOST_TIME)
    throw new RangeError(
      `${where}: it is at ${formatDuration(entry.at)}; the most is ${formatDuration(MOST_TIME)}`,
    );
  if (entry.kind === "processors" && entry.count > MOST_PROCESSORS)
    throw new RangeError(`${where}: ${entry.count} processors; the most is ${MOST_PROCESSORS}`);
  if (entry.kind !== "load") return;
  const { requests, rate, duration } = entry.options;
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  const asked = Math.max(number(requests), (number(rate) * number(duration)) / 1e9);
  if (asked > MOST_REQUESTS)
    throw new RangeError(`${where}: ${asked} requests; the most is ${MOST_REQUESTS}`);
}
