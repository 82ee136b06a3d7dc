import { type Nanoseconds, seconds } from "../../base/units.js";
import {
  TCP_CLOSE,
  TCP_CLOSE_WAIT,
  TCP_ESTABLISHED,
  TCP_FIN_WAIT,
  TCP_LAST_ACK,
  TCP_SYN_RECV,
  TCP_SYN_SENT,
  TCP_TIME_WAIT,
  TCP_TIMEOUTS,
} from "./tcp-states.js";

/** Which state's lifetime a setting `nf_conntrack_tcp_timeout_…` is. */
const TCP_STATES: Readonly<Record<string, number>> = {
  syn_sent: TCP_SYN_SENT,
  syn_recv: TCP_SYN_RECV,
  established: TCP_ESTABLISHED,
  fin_wait: TCP_FIN_WAIT,
  close_wait: TCP_CLOSE_WAIT,
  last_ack: TCP_LAST_ACK,
  time_wait: TCP_TIME_WAIT,
  close: TCP_CLOSE,
};

/** nf_conntrack_log_invalid: all protocols. */
const LOG_ALL = 255;

/** net.netfilter.nf_conntrack_* of one namespace as numbers, for the hot path; times in nanoseconds. */
export class ConntrackSettings {
  /** By number of the state. */
  readonly tcpTimeouts: Nanoseconds[] = TCP_TIMEOUTS.map(seconds);
  tcpUnacknowledged: Nanoseconds = seconds(300);
  /** Lifetime after `tcpRepeats` acknowledgements of one kind. */
  tcpMaxRetransmissions: Nanoseconds = seconds(300);
  tcpRepeats = 3;
  tcpLoose = true;
  tcpLiberal = false;
  tcpIgnoresInvalidReset = false;
  udp: Nanoseconds = seconds(30);
  udpStream: Nanoseconds = seconds(120);
  icmp: Nanoseconds = seconds(30);
  generic: Nanoseconds = seconds(600);
  checksum = true;
  accounting = false;
  timestamps = false;
  /** 0 off, 1 on, 2 for connections that begin while someone listens. */
  events = 2;
  /** Most entries; 0 for no limit. */
  max = 262_144;
  buckets = 262_144;
  /** A protocol's number, 255 for all, 0 for none. */
  logInvalid = 0;

  logs(protocol: number): boolean {
    return this.logInvalid === LOG_ALL || (this.logInvalid !== 0 && this.logInvalid === protocol);
  }

  /** Takes the value of `net.netfilter.NAME`; names that nothing here reads are left alone. */
  set(name: string, value: number): void {
    const tcp = /^nf_conntrack_tcp_timeout_(.*)$/.exec(name)?.[1];
    // The kernel keeps times as unsigned 32-bit numbers: -1 is a very long time.
    const time = seconds(value >>> 0);
    if (tcp === "unacknowledged") this.tcpUnacknowledged = time;
    else if (tcp === "max_retrans") this.tcpMaxRetransmissions = time;
    else if (tcp !== undefined) this.tcpTimeouts[TCP_STATES[tcp]!] = time;
    else this.setOther(name, value, time);
  }

  private setOther(name: string, value: number, time: Nanoseconds): void {
    if (name === "nf_conntrack_udp_timeout") this.udp = time;
    else if (name === "nf_conntrack_udp_timeout_stream") this.udpStream = time;
    else if (name === "nf_conntrack_icmp_timeout") this.icmp = time;
    else if (name === "nf_conntrack_generic_timeout") this.generic = time;
    else if (name === "nf_conntrack_tcp_max_retrans") this.tcpRepeats = value;
    else if (name === "nf_conntrack_tcp_loose") this.tcpLoose = value !== 0;
    else if (name === "nf_conntrack_tcp_be_liberal") this.tcpLiberal = value !== 0;
    else if (name === "nf_conntrack_tcp_ignore_invalid_rst") this.tcpIgnoresInvalidReset = value !== 0;
    else if (name === "nf_conntrack_checksum") this.checksum = value !== 0;
    else if (name === "nf_conntrack_acct") this.accounting = value !== 0;
    else if (name === "nf_conntrack_timestamp") this.timestamps = value !== 0;
    else if (name === "nf_conntrack_events") this.events = value;
    else if (name === "nf_conntrack_max") this.max = value;
    else if (name === "nf_conntrack_buckets") this.buckets = value;
    else if (name === "nf_conntrack_log_invalid") this.logInvalid = value;
  }
}
