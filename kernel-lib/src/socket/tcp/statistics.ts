/** What all TCP of a namespace has done, named as in /proc/net/snmp (tcp_mib). A super-packet is one that came in, but leaves as its segments. */
export class TcpStatistics {
  ActiveOpens = 0;
  PassiveOpens = 0;
  AttemptFails = 0;
  EstabResets = 0;
  InSegs = 0;
  OutSegs = 0;
  RetransSegs = 0;
  InErrs = 0;
  OutRsts = 0;
  InCsumErrors = 0;
}
