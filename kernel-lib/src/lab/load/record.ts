import type { Nanoseconds } from "../../base/units.js";

/** Stands for no answer in {@link LoadRecord}. */
export const NONE = -1;

/** What became of every request of a load, one place in each list for each request, in the order in which they came. */
export class LoadRecord {
  /** Virtual times at which they came. */
  readonly at: Nanoseconds[] = [];
  /** Which of the urls. */
  readonly url: number[] = [];
  /** From then to the last byte of the answer; {@link NONE} while there is none. */
  readonly latency: Nanoseconds[] = [];
  /** Who answered, as a place in {@link LoadRecord.answers}. */
  readonly server: number[] = [];
  /** Why there is no answer, as a place in {@link LoadRecord.reasons}. */
  readonly failure: number[] = [];
  /** Different texts that came as answers. */
  readonly answers: string[] = [];
  readonly reasons: string[] = [];
  private readonly answerNumbers = new Map<string, number>();
  private readonly reasonNumbers = new Map<string, number>();

  constructor(
    /** Hears of an answer that is not like those before it. */
    private readonly newAnswer: (text: string) => void,
  ) {}

  /** Gives the request's number. */
  begin(at: Nanoseconds, url: number): number {
    this.url.push(url);
    this.latency.push(NONE);
    this.server.push(NONE);
    this.failure.push(NONE);
    return this.at.push(at) - 1;
  }

  answered(request: number, now: Nanoseconds, text: string): void {
    this.latency[request] = now - this.at[request]!;
    this.server[request] = numberOf(this.answerNumbers, this.answers, text, this.newAnswer);
  }

  failed(request: number, reason: string): void {
    this.failure[request] = numberOf(this.reasonNumbers, this.reasons, reason, () => {});
  }
}

function numberOf(
  numbers: Map<string, number>,
  texts: string[],
  text: string,
  added: (text: string) => void,
): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, texts.length);
  added(text);
  return texts.push(text) - 1;
}
