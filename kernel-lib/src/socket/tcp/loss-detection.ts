import type { Nanoseconds } from "../../base/units.js";
import type { Connection } from "./connection.js";
import { waitForReordered } from "./tail-probe.js";

/** Duplicate acknowledgements, or reported packets, after which a packet counts as lost and not as late (tcp_reordering). */
const LATE_PACKETS = 3;

/** How long a packet may come after one that left later: no time at all until packets have come in another order once (tcp_rack_reo_wnd). */
function reorderingWindow({ scoreboard, rtt }: Connection): Nanoseconds {
  if (!scoreboard.reordered && (scoreboard.repair !== null || scoreboard.reported >= LATE_PACKETS)) return 0;
  return Math.floor(Math.min(rtt.least / 4, rtt.smoothed / 8));
}

/** Looks for lost packets, and starts their repair (tcp_fastretrans_alert). True when the timer now waits for packets that may only be late. */
export function detectLoss(connection: Connection): boolean {
  const { scoreboard, una, nxt, mss, now } = connection;
  if (una === nxt) return false;
  if (!connection.sackAllowed) {
    if (scoreboard.repair !== null || scoreboard.duplicates < LATE_PACKETS) return false;
    enterRecovery(connection);
    scoreboard.loseFirst(mss);
    return false;
  }
  if (scoreboard.repair === null && scoreboard.sacked.count === 0) return false;
  const wait = scoreboard.markLost(now, reorderingWindow(connection));
  if (scoreboard.repair === null && scoreboard.waiting > 0) enterRecovery(connection);
  if (wait === 0) return false;
  waitForReordered(connection, wait);
  return true;
}

function enterRecovery(connection: Connection): void {
  connection.tail.clear();
  connection.congestion.lost();
  connection.scoreboard.enterRepair("recovery", connection.nxt);
}
