import type { Connection } from "./connection.js";
import { RTO_MAX } from "./rtt.js";

/** Sets the timer for the next probe of a closed window: the timeout, doubled with each probe so far (tcp_probe0_when). */
export function setProbe(connection: Connection): void {
  const { rtt, probeBackoff, retransmitTimer } = connection;
  connection.timerFor = "timeout";
  retransmitTimer.set(Math.min(RTO_MAX, rtt.timeout * 2 ** probeBackoff));
}
