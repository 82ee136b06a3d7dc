import type { Container } from "../container.js";
import { LoadResult } from "../load/result.js";
import type { Machine } from "../machine.js";
import { report } from "./report.js";

export interface SpreadOptions {
  /** Who sends the requests. */
  readonly from: Machine | Container;
  /** How many. Default 200. */
  readonly requests?: number;
  /** Requests a second. Default 100. */
  readonly rate?: number;
  /** Connections are kept and used again. Default false: each request may go to another replica. */
  readonly keepAlive?: boolean;
}

/** How many replicas there should be, all alike; or how many parts each should get, in any order or by name. */
export type SharesWanted = number | readonly number[] | Readonly<Record<string, number>>;

/** Requests to a service, of which {@link Spread.within} says how they should be spread over its replicas. */
export class Spread {
  /** @internal */
  constructor(
    private readonly service: string | LoadResult,
    private readonly options: SpreadOptions | undefined,
    private readonly negated: boolean,
  ) {}

  /**
   * Each replica's share is at most so far from the wanted one: `within(0.05)` is the same for all that answer, `within(0.05, 3)` for three of them,
   * `within(0.05, [3, 1])` three parts to one, `within(0.05, { web: 3, api: 1 })` by name. A request without an answer is against it.
   */
  async within(tolerance: number, shares?: SharesWanted): Promise<void> {
    if (!(tolerance >= 0 && tolerance <= 1))
      throw new RangeError(`a tolerance is a share from 0 to 1, not ${tolerance}`);
    const load = this.service instanceof LoadResult ? this.service : this.send(this.service);
    const wanted = wantedShares(shares, load);
    const what = `the requests${typeof this.service === "string" ? ` to ${this.service}` : ""}`;
    const sentence = `spread ${sharesText(wanted)}, each within ${percent(tolerance)}`;
    const holds = load.failed === 0 && load.answered > 0 && fits(load, wanted, tolerance);
    await report(
      {
        holds,
        wanted: `${what} are ${sentence}`,
        unwanted: `${what} are not ${sentence}`,
        ...{ seen: seenText(load), look: "" },
      },
      this.negated,
    );
  }

  private send(url: string): LoadResult {
    if (this.options === undefined)
      throw new RangeError('say who sends the requests: spread("http://192.168.56.101/", { from: client })');
    const { from, requests = 200, rate = 100, keepAlive = false } = this.options;
    return from.load({ url, requests, rate, keepAlive, arrivals: "constant" });
  }
}

/** A share of all answers, with the replica's name where one is asked for. */
interface Share {
  readonly name: string | null;
  readonly share: number;
}

function wantedShares(shares: SharesWanted | undefined, load: LoadResult): readonly Share[] {
  const parts: readonly [string | null, number][] =
    typeof shares === "object" && !Array.isArray(shares)
      ? Object.entries(shares as Readonly<Record<string, number>>)
      : evenParts(shares as number | readonly number[] | undefined, load).map((part) => [null, part]);
  const sum = parts.reduce((total, [, part]) => total + part, 0);
  if (parts.some(([, part]) => !(part >= 0)) || (parts.length > 0 && !(sum > 0)))
    throw new RangeError("shares are numbers of parts: [3, 1], { web: 3, api: 1 }, or a number of replicas");
  return parts.map(([name, part]) => ({ name, share: part / sum }));
}

function evenParts(shares: number | readonly number[] | undefined, load: LoadResult): readonly number[] {
  if (typeof shares === "object") return shares;
  const count = shares ?? load.replicas.length;
  if (!Number.isInteger(count) || count < 0 || (shares !== undefined && count === 0))
    throw new RangeError(`a number of replicas is a whole number above 0, not ${count}`);
  return new Array<number>(count).fill(1);
}

function fits({ replicas }: LoadResult, wanted: readonly Share[], tolerance: number): boolean {
  const close = (share: number, other: number) => Math.abs(share - other) <= tolerance + 1e-9;
  if (wanted.some(({ name }) => name !== null)) {
    const strangers = replicas.filter((replica) => !wanted.some(({ name }) => name === replica.name));
    return (
      strangers.every(({ share }) => close(share, 0)) &&
      wanted.every(({ name, share }) =>
        close(replicas.find((replica) => replica.name === name)?.share ?? 0, share),
      )
    );
  }
  if (replicas.length !== wanted.length) return false;
  const had = replicas.map(({ share }) => share).sort((a, b) => b - a);
  const should = wanted.map(({ share }) => share).sort((a, b) => b - a);
  return had.every((share, i) => close(share, should[i]!));
}

function sharesText(wanted: readonly Share[]): string {
  if (wanted.length > 0 && wanted.every(({ name, share }) => name === null && share === wanted[0]!.share))
    return `evenly over ${wanted.length === 1 ? "1 replica" : `${wanted.length} replicas`}`;
  return wanted.map(({ name, share }) => `${name === null ? "" : `${name} `}${percent(share)}`).join(", ");
}

function seenText({ replicas, failed, failures, requests }: LoadResult): string {
  const shares = replicas.map(({ name, share, requests: count }) => `${name} ${percent(share)} (${count})`);
  const lost = Object.entries(failures).map(([reason, count]) => `${reason}: ${count}`);
  const parts = [
    ...(shares.length === 0 ? ["no answer"] : [shares.join(", ")]),
    ...(failed === 0 ? [] : [`${failed} of ${requests} requests failed (${lost.join(", ")})`]),
  ];
  return parts.join("; ");
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
