import { TcpStatistics } from "../socket/tcp/statistics.js";

/** ICMP messages of a namespace, all together and by type (icmp_mib, icmpmsg_mib). */
export class IcmpCounters {
  InMsgs = 0;
  InErrors = 0;
  InCsumErrors = 0;
  OutMsgs = 0;
  OutErrors = 0;
  readonly inTypes: Uint32Array = new Uint32Array(256);
  readonly outTypes: Uint32Array = new Uint32Array(256);

  received(type: number): void {
    this.inTypes[type]!++;
  }

  sent(type: number): void {
    this.OutMsgs++;
    this.outTypes[type]!++;
  }
}

/** Counters of one namespace, named as in /proc/net/snmp. */
export class SnmpCounters {
  readonly ip = {
    InReceives: 0,
    InHdrErrors: 0,
    InAddrErrors: 0,
    ForwDatagrams: 0,
    InUnknownProtos: 0,
    InDiscards: 0,
    InDelivers: 0,
    OutRequests: 0,
    OutDiscards: 0,
    OutNoRoutes: 0,
    ReasmTimeout: 0,
    ReasmReqds: 0,
    ReasmOKs: 0,
    ReasmFails: 0,
    FragOKs: 0,
    FragFails: 0,
    FragCreates: 0,
  };
  readonly icmp = new IcmpCounters();
  readonly tcp = new TcpStatistics();
  readonly udp = {
    InDatagrams: 0,
    NoPorts: 0,
    InErrors: 0,
    OutDatagrams: 0,
    RcvbufErrors: 0,
    InCsumErrors: 0,
  };
}
