/** Counters of one namespace, named as in /proc/net/snmp. */
export class SnmpCounters {
  readonly ip = {
    InReceives: 0,
    InHdrErrors: 0,
    InAddrErrors: 0,
    ForwDatagrams: 0,
    InDelivers: 0,
    OutRequests: 0,
    OutNoRoutes: 0,
    ReasmTimeout: 0,
    ReasmReqds: 0,
    ReasmOKs: 0,
    ReasmFails: 0,
    FragFails: 0,
  };
  readonly icmp = {
    InMsgs: 0,
    InErrors: 0,
    InCsumErrors: 0,
    InDestUnreachs: 0,
    InEchos: 0,
    InEchoReps: 0,
    OutMsgs: 0,
    OutDestUnreachs: 0,
    OutTimeExcds: 0,
    OutEchos: 0,
    OutEchoReps: 0,
  };
  readonly udp = {
    InDatagrams: 0,
    NoPorts: 0,
    InErrors: 0,
    OutDatagrams: 0,
    RcvbufErrors: 0,
    InCsumErrors: 0,
  };
}
