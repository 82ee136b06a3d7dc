import type { Errno } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Connection } from "./connection.js";
import { detectLoss } from "./loss-detection.js";
import { sendAck, sendProbe, sendSyn } from "./output.js";
import { RTO_INITIAL, RTO_MAX, RTO_MIN } from "./rtt.js";
import { probeTail } from "./send-tail-probe.js";
import { scheduleTimeout } from "./tail-probe.js";
import { sendHole, transmit } from "./transmit.js";
import { setProbe } from "./window-probe.js";

/** How long the end that closed first remembers a connection (TCP_TIMEWAIT_LEN). */
export const TIME_WAIT_LENGTH = seconds(60);

/** An acknowledgement has waited long enough. */
export function onAckTimer(connection: Connection): void {
  if (!connection.acks.pending) return;
  connection.acks.expired(connection.rtt.timeout);
  sendAck(connection);
}

/** TIME_WAIT is over, or the peer of a closed socket never sent its FIN. */
export function onStateTimer(connection: Connection): void {
  connection.finish(null);
}

/** The retransmission timer: also that of handshakes and of zero-window probes (tcp_write_timer_handler). */
export function onRetransmitTimer(connection: Connection): void {
  switch (connection.state) {
    case "SYN_SENT":
      resendSyn(connection, connection.settings.synRetries);
      return;
    case "SYN_RECV":
      resendSyn(connection, connection.settings.synAckRetries);
      return;
    case "CLOSED":
    case "TIME_WAIT":
      return;
    default:
      if (connection.nxt > connection.una) onPacketsInFlight(connection);
      else probe(connection);
  }
}

function resendSyn(connection: Connection, most: number): void {
  if (connection.retries >= most) {
    connection.finish(connection.softError ?? "ETIMEDOUT");
    return;
  }
  connection.retries++;
  connection.rtt.backOff();
  connection.timedEnd = -1;
  connection.retransmitTimer.set(connection.rtt.timeout);
  try {
    sendSyn(connection);
  } catch {
    connection.softError = "ENETUNREACH";
  }
}

/** How long `retries` retransmissions from the smallest timeout on take (tcp_model_timeout): 15 are 924.6 s. */
export function modelTimeout(retries: number): Nanoseconds {
  const doublings = Math.floor(Math.log2(RTO_MAX / RTO_MIN));
  if (retries <= doublings) return (2 ** (retries + 1) - 1) * RTO_MIN;
  return (2 ** (doublings + 1) - 1) * RTO_MIN + (retries - doublings) * RTO_MAX;
}

function onPacketsInFlight(connection: Connection): void {
  switch (connection.timerFor) {
    case "tail":
      probeTail(connection);
      return;
    case "reorder":
      detectLoss(connection);
      transmit(connection);
      if (!connection.retransmitTimer.running) scheduleTimeout(connection);
      return;
    case "timeout":
      retransmit(connection);
  }
}

function retransmit(connection: Connection): void {
  const { scoreboard, congestion, now } = connection;
  connection.tail.clear();
  if (connection.retries === 0) connection.retryingSince = now;
  const most = connection.orphan ? connection.settings.orphanRetries : connection.settings.retries;
  if (connection.retries > 0 && now - connection.retryingSince >= modelTimeout(most)) {
    connection.finish(timeoutError(connection));
    return;
  }
  congestion.timedOut(scoreboard.repair !== "loss");
  scoreboard.enterRepair("loss", connection.nxt);
  scoreboard.loseAll(connection.una);
  connection.timedEnd = -1;
  connection.retries++;
  connection.rtt.backOff();
  sendHole(connection);
  connection.retransmitTimer.set(connection.rtt.timeout);
}

/** The peer's window is closed: ask whether it has opened (tcp_probe_timer). */
function probe(connection: Connection): void {
  const nothing = connection.nxt >= connection.writeEnd && !connection.finQueued;
  if (nothing || transmit(connection)) return;
  const most = connection.orphan ? connection.settings.orphanRetries : connection.settings.retries;
  if (connection.probes >= most) {
    connection.finish(timeoutError(connection));
    return;
  }
  connection.probes++;
  connection.probeBackoff = Math.min(connection.probeBackoff + 1, connection.settings.retries);
  sendProbe(connection);
  setProbe(connection);
}

function timeoutError(connection: Connection): Errno {
  return connection.softError ?? "ETIMEDOUT";
}

/** The handshake succeeded: retransmissions of the SYN make the first timeout of data longer (RFC 6298 §5.7). */
export function afterHandshake(connection: Connection): void {
  connection.retransmitTimer.stop();
  connection.retries = 0;
  if (connection.rtt.smoothed === 0) connection.rtt.timeout = 3 * RTO_INITIAL;
}
