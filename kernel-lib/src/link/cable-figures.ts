import { ms, type Nanoseconds, us } from "../base/units.js";

/** What a cable does to the frames of one direction. Shares are 0 to 1, each frame by its own chance. */
export interface CableFigures {
  /** Propagation, one way, in nanoseconds. Default 5 µs: a kilometre of fibre, or a switch in between. */
  readonly delay: Nanoseconds;
  /** Bits a second. Default 10e9. */
  readonly rate: number;
  /** Frames that may wait for the wire at the sending end (txqueuelen). Default 1000. */
  readonly queue: number;
  /** Share of frames that go onto the wire and never come off it. */
  readonly loss: number;
  /** Share of frames that arrive twice. */
  readonly duplicate: number;
  /** Share of frames that are held back for {@link reorderDelay}, so that later ones overtake them. */
  readonly reorder: number;
  /** Default 1 ms. */
  readonly reorderDelay: Nanoseconds;
  /** Share of frames in which one bit is flipped. */
  readonly corrupt: number;
}

export type CableFigure = keyof CableFigures;

/** A cable without faults. */
export const SOUND_CABLE: CableFigures = {
  delay: us(5),
  rate: 10e9,
  queue: 1000,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  reorderDelay: ms(1),
  corrupt: 0,
};

interface Range {
  readonly takes: (value: number) => boolean;
  readonly text: string;
}

const DURATION: Range = {
  takes: (value) => Number.isSafeInteger(value) && value >= 0,
  text: "a whole number of nanoseconds, 0 or more: ms(5)",
};
const SHARE: Range = {
  takes: (value) => value >= 0 && value <= 1,
  text: "a share from 0 to 1: 0.01 is one frame in a hundred",
};

const RANGES: Readonly<Record<CableFigure, Range>> = {
  delay: DURATION,
  rate: {
    takes: (value) => value >= 1 && value <= 1e15,
    text: "bits a second, 1 or more: 100e6",
  },
  queue: {
    takes: (value) => Number.isSafeInteger(value) && value >= 1,
    text: "a whole number of frames, 1 or more",
  },
  loss: SHARE,
  duplicate: SHARE,
  reorder: SHARE,
  reorderDelay: DURATION,
  corrupt: SHARE,
};

/** Throws a RangeError that names the first figure that no cable can have: one of another name, NaN, a negative delay, a rate of 0. */
export function checkCableFigures(figures: Readonly<Record<string, unknown>>, cable: string): void {
  for (const [name, value] of Object.entries(figures)) {
    const range = Object.hasOwn(RANGES, name) ? RANGES[name as CableFigure] : undefined;
    if (range === undefined)
      throw new RangeError(
        `cable "${cable}": no figure "${name}"; there are: ${Object.keys(RANGES).join(", ")}`,
      );
    if (typeof value !== "number" || !range.takes(value))
      throw new RangeError(`cable "${cable}": ${name} is ${range.text}; not ${String(value)}`);
  }
}
