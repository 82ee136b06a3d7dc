import { type Nanoseconds, seconds } from "../base/units.js";
import { TCP_ESTABLISHED, TCP_FIN_WAIT, TCP_TIMEOUTS } from "./tcp-states.js";

/** net.ipv4.vs.* as a 6.1 kernel has them, with their defaults. */
export const IPVS_SYSCTLS: readonly (readonly [name: string, value: string])[] = [
  ["am_droprate", "10"],
  ["amemthresh", "1024"],
  ["backup_only", "0"],
  ["cache_bypass", "0"],
  ["conn_reuse_mode", "1"],
  ["conntrack", "0"],
  ["debug_level", "0"],
  ["drop_entry", "0"],
  ["drop_packet", "0"],
  ["expire_nodest_conn", "0"],
  ["expire_quiescent_template", "0"],
  ["ignore_tunneled", "0"],
  ["lblc_expiration", "86400"],
  ["lblcr_expiration", "86400"],
  ["nat_icmp_send", "0"],
  ["pmtu_disc", "1"],
  ["run_estimation", "1"],
  ["schedule_icmp", "0"],
  ["secure_tcp", "0"],
  ["sloppy_sctp", "0"],
  ["sloppy_tcp", "0"],
  ["snat_reroute", "1"],
  ["sync_persist_mode", "0"],
  ["sync_ports", "1"],
  ["sync_qlen_max", "23745"],
  ["sync_refresh_period", "0"],
  ["sync_retries", "0"],
  ["sync_sock_size", "0"],
  ["sync_threshold", "3\t50"],
  ["sync_version", "1"],
];

/** What of net.ipv4.vs.* decides about packets, and the lifetimes of `ipvsadm --set`. The other settings are kept and change nothing here. */
export class IpvsSettings {
  /** Balanced connections are tracked by netfilter too, so that its rules may translate them. */
  conntrack = false;
  /** A connection whose server was deleted ends at its next packet. */
  expireNodestConnections = false;
  /** A template whose server has weight 0 is not followed. */
  expireQuiescentTemplates = false;
  /** Whether a new SYN on an old connection is scheduled anew: 1 in TIME_WAIT, 2 (a bit) in FIN_WAIT as well. */
  reuseMode = 1;
  /** Any segment may open a connection. */
  sloppyTcp = false;
  readonly tcp: Nanoseconds[] = TCP_TIMEOUTS.map((value) => seconds(value));
  udp: Nanoseconds = seconds(300);

  /** Takes the value of `net.ipv4.vs.NAME`. */
  set(name: string, value: number): void {
    if (name === "conntrack") this.conntrack = value !== 0;
    else if (name === "expire_nodest_conn") this.expireNodestConnections = value !== 0;
    else if (name === "expire_quiescent_template") this.expireQuiescentTemplates = value !== 0;
    else if (name === "conn_reuse_mode") this.reuseMode = value;
    else if (name === "sloppy_tcp") this.sloppyTcp = value !== 0;
  }

  /** Seconds of an established TCP connection, one that is closing, and a UDP flow. */
  get timeouts(): readonly [tcp: number, tcpFin: number, udp: number] {
    return [this.tcp[TCP_ESTABLISHED]! / 1e9, this.tcp[TCP_FIN_WAIT]! / 1e9, this.udp / 1e9];
  }

  /** `ipvsadm --set`: 0 leaves a value as it is. */
  setTimeouts(tcp: number, tcpFin: number, udp: number): void {
    if (tcp !== 0) this.tcp[TCP_ESTABLISHED] = seconds(tcp);
    if (tcpFin !== 0) this.tcp[TCP_FIN_WAIT] = seconds(tcpFin);
    if (udp !== 0) this.udp = seconds(udp);
  }
}
