/** Counters of one namespace, in the order in which `conntrack -S` prints them (struct ip_conntrack_stat). */
export class ConntrackStatistics {
  /** Tuples that NAT wanted and found taken. */
  found = 0;
  /** Packets that belong to no connection and can begin none. */
  invalid = 0;
  insert = 0;
  /** Entries that could not be confirmed: another has their tuple. */
  insert_failed = 0;
  drop = 0;
  /** Entries that gave way to others while the table was full. */
  early_drop = 0;
  error = 0;
  search_restart = 0;
  /** Two packets of one flow began it together: the second took the first one's entry. */
  clash_resolve = 0;
  chaintoolong = 0;
}
