import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import type { Nanoseconds } from "../base/units.js";
import type { Cable as Wire } from "../link/cable.js";
import { type CableFigures, checkCableFigures } from "../link/cable-figures.js";
import { describeFigures } from "./cable-text.js";
import type { Lab } from "./lab.js";
import { cableEnd } from "./plan.js";

/** A cable of a lab. Its figures may be changed at any time, both directions at once or by {@link Cable.from} only one of them. */
export class Cable implements Displayable {
  /** @internal */
  constructor(
    private readonly lab: Lab,
    private readonly wire: Wire,
    readonly name: string,
    /** What it joins: `["host-a:enX0", "switch"]`. */
    readonly ends: readonly [string, string],
  ) {}

  /** Propagation, one way; of the direction that begins at the first end, as all figures here. */
  get delay(): Nanoseconds {
    return this.figures.delay;
  }

  /** Bits a second. */
  get rate(): number {
    return this.figures.rate;
  }

  /** Share of frames that are lost, 0 to 1. */
  get loss(): number {
    return this.figures.loss;
  }

  get figures(): CableFigures {
    return this.wire.figures(0);
  }

  /** Changes some of the figures: `set({ delay: ms(5), rate: 100e6, loss: 0.01 })`. Throws a RangeError for what no cable can have. */
  set(figures: Partial<CableFigures>): this {
    this.change(figures);
    return this;
  }

  /** One direction only: what this machine sends. Where both ends are at one machine, name the card too: `from("web:eth1")`. */
  from(sender: string): CableDirection {
    return new CableDirection(this, this.wayOf(sender), sender);
  }

  /** Used by a replay and by a direction. @internal */
  change(figures: Partial<CableFigures>, from?: string): void {
    checkCableFigures({ ...figures }, this.name);
    const way = from === undefined ? "both" : this.wayOf(from);
    this.lab.journal.append({
      kind: "cable",
      at: this.lab.now,
      cable: this.name,
      figures: { ...figures },
      ...(from === undefined ? {} : { from }),
    });
    this.wire.set(figures, way);
  }

  /** Used by a direction. @internal */
  figuresOf(way: 0 | 1): CableFigures {
    return this.wire.figures(way);
  }

  toString(): string {
    const [there, back] = [this.wire.figures(0), this.wire.figures(1)].map((figures) =>
      describeFigures(figures),
    );
    const [a, b] = this.ends;
    if (there === back) return `${this.name}: ${a} — ${b}, ${there}`;
    return `${this.name}: ${a} → ${b}, ${there}\n${" ".repeat(this.name.length)}  ${b} → ${a}, ${back}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString() };
  }

  private wayOf(sender: string): 0 | 1 {
    const fits = this.ends.map((end) => end === sender || cableEnd(end).machine === sender);
    if (fits[0] === fits[1])
      throw new RangeError(
        fits[0]
          ? `cable "${this.name}": both its ends are at ${sender}; name the card too: ${this.ends.join(" or ")}`
          : `cable "${this.name}" does not begin at "${sender}"; its ends are: ${this.ends.join(", ")}`,
      );
    return fits[0] ? 0 : 1;
  }
}

/** What one end of a cable sends. */
export class CableDirection {
  /** @internal */
  constructor(
    private readonly cable: Cable,
    private readonly way: 0 | 1,
    readonly sender: string,
  ) {}

  get delay(): Nanoseconds {
    return this.figures.delay;
  }

  get rate(): number {
    return this.figures.rate;
  }

  get loss(): number {
    return this.figures.loss;
  }

  get figures(): CableFigures {
    return this.cable.figuresOf(this.way);
  }

  /** Changes some of the figures of this direction. */
  set(figures: Partial<CableFigures>): this {
    this.cable.change(figures, this.sender);
    return this;
  }
}
