import { ms, seconds } from "../../base/units.js";
import { TCP_FIN, TCP_PSH } from "../../wire/tcp.js";
import type { Connection } from "./connection.js";
import { sendAck, sendReset } from "./output.js";
import type { Position } from "./position.js";
import type { Segment } from "./segment.js";
import { TIME_WAIT_LENGTH } from "./timers.js";

/** Takes a segment's payload and FIN in and acknowledges now or later (tcp_data_queue, tcp_ack_snd_check). */
export function receiveData(connection: Connection, segment: Segment, sequence: Position): void {
  const { queue } = connection;
  const fin = (segment.flags & TCP_FIN) !== 0;
  if (segment.length === 0 && !fin) return;
  const end = sequence + segment.length;
  if (connection.finReceived) {
    sendAck(connection);
    return;
  }
  if (connection.orphan && segment.length > 0 && end > queue.next) {
    sendReset(connection);
    connection.finish(null);
    return;
  }
  const before = queue.next;
  if (segment.length > 0) takePayload(connection, segment, sequence);
  if (fin && queue.next === end && sequence <= before) takeFin(connection);
  else answer(connection, queue.next > before);
}

/** Puts the part that lies in our window into the queue. */
function takePayload(connection: Connection, segment: Segment, sequence: Position): void {
  const { queue, window, acks, now, rtt } = connection;
  const windowEnd = queue.next + window.left(queue.next);
  const length = Math.min(segment.length, Math.max(0, windowEnd - sequence));
  if (length <= 0 || !queue.insert(sequence, segment.bytes, segment.payload, length)) {
    acks.pending = true;
    acks.hurry(window.offered);
    return;
  }
  const push = (segment.flags & TCP_PSH) !== 0;
  if (segment.length >= acks.segment) sampleReceiver(connection, segment);
  acks.received(segment.size, now, rtt.timeout, push, window.offered, connection.advertisedMss);
  if (segment.length >= 128) window.grow(connection.advertisedMss);
  connection.wake();
}

function sampleReceiver(connection: Connection, segment: Segment): void {
  if (!connection.timestamps || segment.options.timestampEcho === 0) return;
  const elapsed = (connection.timestampNow - segment.options.timestampEcho) | 0;
  if (elapsed >= 0 && elapsed < 60_000) connection.window.sampleRoundTrip(ms(elapsed));
}

/** The peer sends no more (tcp_fin). */
function takeFin(connection: Connection): void {
  const { queue, acks } = connection;
  queue.finish();
  connection.finReceived = true;
  acks.pending = true;
  connection.wake();
  switch (connection.state) {
    case "ESTABLISHED":
      connection.state = "CLOSE_WAIT";
      acks.interactive = true;
      answer(connection, true);
      return;
    case "FIN_WAIT1":
      connection.state = "CLOSING";
      sendAck(connection);
      return;
    case "FIN_WAIT2":
      sendAck(connection);
      enterTimeWait(connection);
      return;
    default:
      sendAck(connection);
  }
}

export function enterTimeWait(connection: Connection): void {
  connection.state = "TIME_WAIT";
  connection.retransmitTimer.dispose();
  connection.ackTimer.dispose();
  connection.sending.free();
  connection.stateTimer.set(TIME_WAIT_LENGTH);
}

/** Our FIN is acknowledged and the program is gone: the peer's FIN must come in time. */
export function awaitPeerFin(connection: Connection): void {
  connection.stateTimer.set(Math.max(seconds(1), connection.settings.finTimeout));
}

/** Acknowledges at once when two segments wait, after a gap or a repetition, or while the connection is young (__tcp_ack_snd_check). */
function answer(connection: Connection, advanced: boolean): void {
  const { acks, queue, window } = connection;
  const unacknowledged = queue.next - window.offeredAt;
  const room = queue.readable === 0 || window.possible(queue.readable, acks.segment) >= window.offered;
  if (!advanced || (unacknowledged > acks.segment && room) || acks.immediate || queue.beyond.count > 0) {
    sendAck(connection);
    return;
  }
  if (!connection.ackTimer.running) connection.ackTimer.set(acks.wait(connection.rtt.smoothed));
}
