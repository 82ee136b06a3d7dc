/** What a stream has done so far; both ends keep it, and exchange it when the test is over. */
export class StreamCounters {
  bytes = 0;
  /** Datagrams sent, or the highest number received: what was lost in between is counted too. */
  packets = 0;
  lost = 0;
  /** Seconds (RFC 3550 §6.4.1). */
  jitter = 0;
  /** Segments sent again since the connection began. */
  retransmitted = 0;
  /** Bytes of the congestion window. */
  window = 0;
  private transit: number | null = null;

  /** A datagram numbered `number` came; `sentAt` by the sender's clock, both in seconds. */
  received(number: number, bytes: number, sentAt: number, at: number): void {
    this.bytes += bytes;
    if (number > this.packets) {
      this.lost += number - this.packets - 1;
      this.packets = number;
    } else if (this.lost > 0) this.lost--;
    const transit = at - sentAt;
    if (this.transit !== null) this.jitter += (Math.abs(transit - this.transit) - this.jitter) / 16;
    this.transit = transit;
  }
}

/** The same at one moment, to tell what happened between two. */
export type CounterValues = Readonly<
  Pick<StreamCounters, "bytes" | "packets" | "lost" | "jitter" | "retransmitted" | "window">
>;

export const NOTHING: CounterValues = {
  bytes: 0,
  packets: 0,
  lost: 0,
  jitter: 0,
  retransmitted: 0,
  window: 0,
};

export function valuesOf(counters: StreamCounters): CounterValues {
  const { bytes, packets, lost, jitter, retransmitted, window } = counters;
  return { bytes, packets, lost, jitter, retransmitted, window };
}
