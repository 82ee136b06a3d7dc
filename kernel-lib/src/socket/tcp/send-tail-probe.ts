import type { Connection } from "./connection.js";
import { sendAgain, sendNew } from "./transmit.js";

/** The tail's time is over: a new segment, or else the last one again; one probe in each episode (tcp_send_loss_probe). */
export function probeTail(connection: Connection): void {
  const { tail, scoreboard } = connection;
  connection.timerFor = "timeout";
  if (tail.end < 0) {
    const fresh = sendNew(connection);
    if (!fresh) sendAgain(connection, scoreboard.lastSegment(connection.mss)!);
    tail.end = connection.nxt;
    tail.repeated = !fresh;
    tail.doubled = false;
  }
  connection.retransmitTimer.set(connection.rtt.timeout);
}
