import { KernelError } from "../../base/errno.js";
import type { Nanoseconds } from "../../base/units.js";
import type { WaitQueue } from "../../sim/wait-queue.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import type { UdpSocket } from "../../socket/udp-socket.js";
import { StreamCounters } from "./counters.js";

/** One stream of a test, seen from one end. */
export interface Flow {
  readonly id: number;
  readonly counters: StreamCounters;
  readonly wait: WaitQueue;
  /** Sends one block; false when there is no room. */
  send(now: Nanoseconds): boolean;
  /** Reads all that has come. */
  receive(now: Nanoseconds): void;
  close(): void;
}

/** Bytes that iperf3 fills its blocks with; their values mean nothing. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 2654435761) & 0xff);
}

/** A TCP stream: blocks of `length` bytes, of which a part may wait for room. */
export function tcpFlow(socket: TcpSocket, id: number, length: number): Flow {
  const counters = new StreamCounters();
  const block = pattern(length);
  let rest = block;
  const look = (): void => {
    const { window, retransmitted } = socket.info;
    counters.window = window;
    counters.retransmitted = retransmitted;
  };
  return {
    id,
    counters,
    wait: socket.wait,
    send() {
      const taken = ended(() => socket.send(rest), 0);
      counters.bytes += taken;
      rest = taken === rest.length ? block : rest.subarray(taken);
      look();
      return taken > 0;
    },
    receive() {
      for (;;) {
        const bytes = ended(() => socket.receive(length), null);
        if (bytes === null || bytes.length === 0) return;
        counters.bytes += bytes.length;
      }
    },
    close: () => socket.close(),
  };
}

/** Seconds, microseconds and number in front of each datagram. */
const UDP_HEAD = 12;

/** A UDP stream on a connected socket. Times are those of the simulated clock, as if both ends had the same. */
export function udpFlow(socket: UdpSocket, id: number, length: number): Flow {
  const counters = new StreamCounters();
  const block = pattern(length);
  const head = new DataView(block.buffer);
  return {
    id,
    counters,
    wait: socket.wait,
    send(now) {
      head.setUint32(0, Math.floor(now / 1e9));
      head.setUint32(4, Math.floor((now % 1e9) / 1000));
      head.setUint32(8, counters.packets + 1);
      counters.packets++;
      counters.bytes += length;
      ended(() => socket.sendTo(block), undefined);
      return true;
    },
    receive() {
      for (;;) {
        const datagram = ended(() => socket.receive(), null);
        if (datagram === null) return;
        const { bytes, at } = datagram;
        if (bytes.length < UDP_HEAD) continue;
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        const sentAt = view.getUint32(0) + view.getUint32(4) / 1e6;
        counters.received(view.getUint32(8), bytes.length, sentAt, Math.floor(at / 1000) / 1e6);
      }
    },
    close: () => socket.close(),
  };
}

/** An error of the stream shows in what arrives; the test goes on. */
function ended<T>(call: () => T, otherwise: T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return otherwise;
  }
}
