import { procLine } from "../../netfilter/conntrack/print.js";
import type { Netns } from "../../stack/netns.js";

/** /proc/net/nf_conntrack: a line for each connection. */
export function conntrackText({ netfilter, world }: Netns): string {
  return netfilter.conntrack
    .list()
    .map((connection) => `${procLine(connection, world.scheduler.now)}\n`)
    .join("");
}

/** Columns of /proc/net/stat/nf_conntrack; some are always 0 in the kernel too. */
const COLUMNS =
  "entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart\n";

/** /proc/net/stat/nf_conntrack: a line for each processor, in hexadecimal; all packets are counted on the first. */
export function conntrackStatText({ netfilter }: Netns): string {
  const { conntrack } = netfilter;
  const { statistics } = conntrack;
  const line = (cpu: number) => {
    const of = (value: number) => (cpu === 0 ? value : 0).toString(16).padStart(8, "0");
    const entries = conntrack.count.toString(16).padStart(8, "0");
    const { clash_resolve, found, invalid, insert, insert_failed, drop, early_drop, error } = statistics;
    const first = `${entries}  ${of(clash_resolve)} ${of(found)} ${of(0)} ${of(invalid)} ${of(0)} ${of(0)}`;
    const then = `${of(statistics.chaintoolong)} ${of(insert)} ${of(insert_failed)} ${of(drop)} ${of(early_drop)} ${of(error)}`;
    return `${first} ${then}  ${of(0)} ${of(0)} ${of(0)} ${of(statistics.search_restart)}\n`;
  };
  return COLUMNS + line(0) + line(1);
}
