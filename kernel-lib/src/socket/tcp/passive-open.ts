import type { DropReason } from "../../trace/drop-reason.js";
import { Connection } from "./connection.js";
import { takeSynOptions } from "./input.js";
import type { Listener } from "./listener.js";
import { sendSyn } from "./output.js";
import { ReceiveWindow } from "./receive-window.js";
import type { Segment } from "./segment.js";
import type { TcpSockets } from "./tcp-sockets.js";

/** A SYN for a listener (tcp_conn_request): a half-open connection, answered with SYN-ACK. Dropped while the queues are full. */
export function beginConnection(
  sockets: TcpSockets,
  listener: Listener,
  segment: Segment,
): DropReason | null {
  if (!sockets.output.isLocal(segment.destination)) return "IP_INVALID_DEST";
  if (listener.crowded) return "SOCKET_RCVBUFF";
  const local = { address: segment.destination, port: segment.destinationPort };
  const remote = { address: segment.source, port: segment.sourcePort };
  const connection = new Connection(sockets, local, remote, { ...listener.options });
  connection.state = "SYN_RECV";
  connection.owner = listener.owner;
  takeSynOptions(connection, segment);
  const { settings, window, queue } = connection;
  const { scale } = window;
  connection.window = new ReceiveWindow(
    settings.receiveBuffer,
    settings.receiveBufferMax,
    connection.advertisedMss,
  );
  connection.window.scale = scale;
  connection.window.offeredAt = queue.next;
  sockets.add(connection);
  listener.begin(connection);
  connection.startHandshake();
  sockets.attempt(() => sendSyn(connection));
  return null;
}
