import type { CapturedFrame } from "../../wire/capture.js";
import type { PrintOptions } from "./print-options.js";

/** A time of day or a difference: whole seconds and a rest in ns. */
interface Time {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Prints the times at the beginnings of lines (ts_print). Times of day are UTC. */
export class Timestamps {
  private reference: Time | null = null;

  constructor(private readonly options: PrintOptions) {}

  text(frame: CapturedFrame): string {
    const time = { seconds: frame.seconds, nanoseconds: this.rounded(frame.nanoseconds) };
    switch (this.options.time) {
      case 0:
        return `${this.clock(time)} `;
      case 1:
        return "";
      case 2:
        return `${time.seconds}${this.fraction(time)} `;
      case 4:
        return `${new Date(time.seconds * 1000).toISOString().slice(0, 10)} ${this.clock(time)} `;
      default:
        return this.difference(time);
    }
  }

  private difference(time: Time): string {
    const reference = this.reference ?? time;
    this.reference = this.options.time === 3 ? time : reference;
    const back =
      time.seconds < reference.seconds ||
      (time.seconds === reference.seconds && time.nanoseconds < reference.nanoseconds);
    return back ? `-${this.clock(minus(reference, time))} ` : ` ${this.clock(minus(time, reference))} `;
  }

  private clock(time: Time): string {
    const two = (value: number) => String(value).padStart(2, "0");
    const { seconds } = time;
    return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${this.fraction(time)}`;
  }

  private fraction({ nanoseconds }: Time): string {
    const text = String(nanoseconds).padStart(9, "0");
    return `.${this.options.nanoseconds ? text : text.slice(0, 6)}`;
  }

  /** Without --nano times are cut to microseconds. */
  private rounded(nanoseconds: number): number {
    return this.options.nanoseconds ? nanoseconds : nanoseconds - (nanoseconds % 1000);
  }
}

function minus(later: Time, earlier: Time): Time {
  const nanoseconds = later.nanoseconds - earlier.nanoseconds;
  const seconds = later.seconds - earlier.seconds;
  return nanoseconds < 0
    ? { seconds: seconds - 1, nanoseconds: nanoseconds + 1e9 }
    : { seconds, nanoseconds };
}
