import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Ipv4Output } from "../ipv4-output.js";

/** The sysctls that a connection reads when it is made; values are Linux's defaults (ip-sysctl). */
export interface TcpSettings {
  /** tcp_syn_retries: a connect gives up after 127 s. */
  readonly synRetries: number;
  /** tcp_synack_retries. */
  readonly synAckRetries: number;
  /** tcp_retries2: 15 means 924.6 s. */
  readonly retries: number;
  /** tcp_orphan_retries; 0 counts as 8. */
  readonly orphanRetries: number;
  /** tcp_fin_timeout: how long a closed socket waits for the peer's FIN. */
  readonly finTimeout: Nanoseconds;
  /** tcp_rmem and tcp_wmem, their second and third values. */
  readonly receiveBuffer: number;
  readonly receiveBufferMax: number;
  readonly sendBuffer: number;
  readonly sendBufferMax: number;
  readonly sack: boolean;
  readonly timestamps: boolean;
  readonly windowScaling: boolean;
  /** tcp_early_retrans: 3 and 4 send a probe when the tail of a burst may be lost. */
  readonly tailProbe: boolean;
}

function number(output: Ipv4Output, name: string, fallback: number, field = 0): number {
  const text = output.sysctls?.get(`net.ipv4.${name}`);
  const value = Number(text?.trim().split(/\s+/)[field]);
  return text === undefined || !Number.isFinite(value) ? fallback : value;
}

export function readSettings(output: Ipv4Output): TcpSettings {
  return {
    synRetries: number(output, "tcp_syn_retries", 6),
    synAckRetries: number(output, "tcp_synack_retries", 5),
    retries: number(output, "tcp_retries2", 15),
    orphanRetries: number(output, "tcp_orphan_retries", 0) || 8,
    finTimeout: seconds(number(output, "tcp_fin_timeout", 60)),
    receiveBuffer: number(output, "tcp_rmem", 131072, 1),
    receiveBufferMax: number(output, "tcp_rmem", 6291456, 2),
    sendBuffer: number(output, "tcp_wmem", 16384, 1),
    sendBufferMax: number(output, "tcp_wmem", 4194304, 2),
    sack: number(output, "tcp_sack", 1) !== 0,
    timestamps: number(output, "tcp_timestamps", 1) !== 0,
    windowScaling: number(output, "tcp_window_scaling", 1) !== 0,
    tailProbe: number(output, "tcp_early_retrans", 3) >= 3,
  };
}

/** net.ipv4.ip_local_port_range: the ports that connect and bind(0) choose from. */
export function localPortRange(output: Ipv4Output): { low: number; high: number } {
  return {
    low: number(output, "ip_local_port_range", 32768),
    high: number(output, "ip_local_port_range", 60999, 1),
  };
}

/** net.core.somaxconn: the largest backlog. */
export function largestBacklog(output: Ipv4Output): number {
  const value = Number(output.sysctls?.get("net.core.somaxconn"));
  return Number.isFinite(value) && value > 0 ? value : 4096;
}
