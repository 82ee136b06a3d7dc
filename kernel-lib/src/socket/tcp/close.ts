import type { Connection } from "./connection.js";
import { sendReset } from "./output.js";
import { awaitPeerFin } from "./receive-data.js";
import { transmit } from "./transmit.js";

/** The program sends no more (tcp_shutdown): the FIN goes out behind what is queued. */
export function shutdownConnection(connection: Connection): void {
  if (connection.finQueued) return;
  switch (connection.state) {
    case "ESTABLISHED":
      connection.state = "FIN_WAIT1";
      break;
    case "CLOSE_WAIT":
      connection.state = "LAST_ACK";
      break;
    default:
      return;
  }
  connection.finQueued = true;
  transmit(connection);
}

/** The program lets go of the connection (tcp_close). */
export function closeConnection(connection: Connection): void {
  if (connection.orphan) return;
  connection.orphan = true;
  if (connection.state === "SYN_SENT") {
    connection.finish(null);
    return;
  }
  const unread = connection.state === "SYN_RECV" || connection.queue.readable > 0;
  if (connection.state !== "CLOSED" && connection.state !== "TIME_WAIT" && unread) {
    sendReset(connection);
    connection.finish(null);
    return;
  }
  connection.queue.free();
  if (connection.state === "FIN_WAIT2") awaitPeerFin(connection);
  else shutdownConnection(connection);
}
