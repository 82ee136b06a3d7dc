/** Counters of one namespace, named as in /proc/net/snmp. */
export class SnmpCounters {
  readonly ip: Record<string, number> = {};
  readonly icmp: Record<string, number> = {};
  readonly udp: Record<string, number> = {};
}
