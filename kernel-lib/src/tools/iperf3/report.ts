import { type CounterValues, NOTHING, valuesOf } from "./counters.js";
import type { Flow } from "./flow.js";
import { printQuality, printSpan, printUnits, RULE } from "./format.js";

/** Which of the forms a test's lines have. */
export interface ReportShape {
  readonly udp: boolean;
  readonly sends: boolean;
  /** Unit of rates. */
  readonly unit: string;
}

/** Prints the lines of a running test: every stream's, and their sum where there are several. */
export class IntervalReport {
  private last = 0;
  private previous: readonly CounterValues[];
  private count = 0;

  constructor(
    private readonly write: (text: string) => void,
    private readonly shape: ReportShape,
    private readonly flows: readonly Flow[],
  ) {
    this.previous = flows.map(() => NOTHING);
  }

  private heading(): void {
    const { udp, sends } = this.shape;
    this.write(
      `[ ID] Interval           Transfer     Bitrate${headingEnd(udp, sends, sends ? "Retr  Cwnd" : "")}\n`,
    );
  }

  /** The interval that ends now, at `at` seconds. */
  interval(at: number): void {
    if (this.count === 0) this.heading();
    else if (this.flows.length > 1) this.write(RULE);
    this.count++;
    const { udp, sends, unit } = this.shape;
    const parts = this.flows.map((flow, i) => since(valuesOf(flow.counters), this.previous[i]!));
    const print = (id: number | null, values: CounterValues): void => {
      const start = printSpan({ id, from: this.last, to: at, bytes: values.bytes, unit });
      if (udp) this.write(`${start}${sends ? `  ${values.packets}  ` : `${quality(values)}  `}\n`);
      else if (!sends) this.write(`${start}                  \n`);
      else
        this.write(
          `${start}  ${`${values.retransmitted}`.padStart(3)}   ${id === null ? "          " : `${printUnits(values.window, "A")}       `}\n`,
        );
    };
    for (const [i, flow] of this.flows.entries()) print(flow.id, parts[i]!);
    if (parts.length > 1) print(null, sum(parts));
    this.previous = this.flows.map((flow) => valuesOf(flow.counters));
    this.last = at;
  }

  /** The interval that the end of the test cuts short; a short one in which nothing moved is left out. */
  lastInterval(at: number, length: number): void {
    const moved = this.flows.some((flow, i) => flow.counters.bytes > this.previous[i]!.bytes);
    if (moved || at - this.last >= length * 0.9) this.interval(at);
  }
}

/** What is known of one stream at one of its ends when the test is over. */
export interface End {
  readonly seconds: number;
  readonly values: CounterValues;
}

export interface StreamEnds {
  readonly id: number;
  readonly sender: End | null;
  readonly receiver: End | null;
}

/** The summary: for each stream the sender's and the receiver's line, as far as they are known here. */
export function printSummary(ends: readonly StreamEnds[], { udp, unit }: ReportShape): string {
  const withRetransmissions = !udp && ends.some(({ sender }) => sender !== null);
  let text = `${RULE}[ ID] Interval           Transfer     Bitrate${headingEnd(udp, withRetransmissions, "Retr", true)}\n`;
  const line = (id: number | null, end: End | null, role: "sender" | "receiver"): void => {
    if (end === null) return;
    const start = printSpan({ id, from: 0, to: end.seconds, bytes: end.values.bytes, unit });
    if (udp) text += `${start}${quality(role === "sender" ? faultless(end.values) : end.values)}  ${role}\n`;
    else if (role === "sender")
      text += `${start}  ${`${end.values.retransmitted}`.padStart(3)}             ${role}\n`;
    else text += `${start}                  ${role}\n`;
  };
  for (const { id, sender, receiver } of ends) {
    line(id, sender, "sender");
    line(id, receiver, "receiver");
  }
  if (ends.length > 1) {
    line(null, sumOfEnds(ends.map(({ sender }) => sender)), "sender");
    line(null, sumOfEnds(ends.map(({ receiver }) => receiver)), "receiver");
  }
  return text;
}

function headingEnd(udp: boolean, sends: boolean, tcp: string, summary = false): string {
  if (!udp) return sends ? `         ${tcp}` : "";
  return sends && !summary ? "         Total Datagrams" : "         Jitter    Lost/Total Datagrams";
}

function quality({ jitter, lost, packets }: CounterValues): string {
  return printQuality({ jitter, lost, total: packets });
}

/** The sender knows of no loss. */
function faultless(values: CounterValues): CounterValues {
  return { ...values, jitter: 0, lost: 0 };
}

function since(now: CounterValues, before: CounterValues): CounterValues {
  return {
    ...now,
    bytes: now.bytes - before.bytes,
    packets: now.packets - before.packets,
    lost: now.lost - before.lost,
    retransmitted: now.retransmitted - before.retransmitted,
  };
}

/** All streams together; their jitter is the mean. */
function sum(parts: readonly CounterValues[]): CounterValues {
  const total = (of: (values: CounterValues) => number): number =>
    parts.reduce((all, part) => all + of(part), 0);
  return {
    bytes: total(({ bytes }) => bytes),
    packets: total(({ packets }) => packets),
    lost: total(({ lost }) => lost),
    jitter: total(({ jitter }) => jitter) / parts.length,
    retransmitted: total(({ retransmitted }) => retransmitted),
    window: 0,
  };
}

function sumOfEnds(ends: readonly (End | null)[]): End | null {
  const known = ends.filter((end) => end !== null);
  if (known.length === 0) return null;
  return { seconds: known[0]!.seconds, values: sum(known.map(({ values }) => values)) };
}
