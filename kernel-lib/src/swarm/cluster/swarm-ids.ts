import type { Random } from "../../sim/random.js";

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Ids of a swarm's objects, from the lab's seed. */
export class SwarmIds {
  private readonly random: Random;

  constructor(random: Random, machine: string) {
    this.random = random.fork(`swarm/${machine}/ids`);
  }

  /** 25 characters of 0-9a-z (identity.NewID). */
  next(): string {
    return this.text(25);
  }

  text(length: number): string {
    let text = "";
    while (text.length < length) text += DIGITS[this.random.between(0, 35)];
    return text;
  }

  hex(length: number): string {
    return this.random.hex(length);
  }

  /** Chance for what the managers decide: times of elections. */
  fork(label: string): Random {
    return this.random.fork(label);
  }
}
