import type { Destination } from "../destination.js";
import type { Pool, Scheduler } from "./scheduler.js";

/** `wrr`: in turns, each as often as its weight says, interleaved: a falling bar of weight lets pass who is above it (ip_vs_wrr.c). */
export class WeightedRoundRobin implements Scheduler {
  readonly name = "wrr";
  private at = -1;
  private bar = 0;
  private step = 1;
  private highest = 0;

  choose({ destinations }: Pool): Destination | null {
    if (this.highest === 0 || destinations.length === 0) return null;
    // Each server is met at every height of the bar at most: after that none is free.
    const limit = destinations.length * (Math.floor(this.highest / this.step) + 2);
    for (let tries = 0; tries < limit; tries++) {
      this.at++;
      if (this.at >= destinations.length) {
        this.at = -1;
        this.lowerBar();
        continue;
      }
      const destination = destinations[this.at]!;
      if (!destination.overloaded && destination.weight >= this.bar && destination.weight > 0)
        return destination;
    }
    return null;
  }

  changed({ destinations }: Pool): void {
    const weights = destinations.map(({ weight }) => weight).filter((weight) => weight > 0);
    this.at = -1;
    this.step = weights.reduce(greatestDivisor, 0) || 1;
    this.highest = Math.max(0, ...weights);
    if (this.highest > 0) this.highest -= this.step - 1;
    if (this.bar > this.highest || this.bar <= 0) this.bar = this.highest;
    else if (this.step > 1) this.bar = Math.floor(this.bar / this.step) * this.step + 1;
  }

  private lowerBar(): void {
    this.bar -= this.step;
    if (this.bar <= 0) this.bar = this.highest;
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
