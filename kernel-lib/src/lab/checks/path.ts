import { formatDuration } from "../../base/units.js";
import type { TraceEvent } from "../../trace/events.js";
import type { Journey } from "../../trace/journey.js";
import { shortName } from "../../trace/place-name.js";
import type { Container } from "../container.js";
import type { Lab } from "../lab.js";
import type { Machine } from "../machine.js";
import { CheckFailure } from "./check-failure.js";
import { hopText, lossOf } from "./loss.js";
import { placeOf } from "./place.js";
import { arrivalOf, probeFor, send } from "./probe.js";
import { targetOf } from "./reach.js";
import { report } from "./report.js";

export interface PathOptions {
  /** A TCP port of the machine or container, in place of a ping. */
  readonly port?: number;
  /** Whose machine or container it must come to: behind a proxy, the one that the proxy asks. */
  readonly at?: Machine | Container;
}

/** A way through the lab, of which {@link Path.passes} says what must be on it. */
export class Path {
  /** @internal */
  constructor(
    private readonly lab: Lab,
    private readonly from: Machine | Container,
    private readonly to: Machine | Container | string,
    private readonly options: PathOptions,
    private readonly negated: boolean,
  ) {}

  /**
   * A packet that is sent now arrives, and passes all of these: devices (`"vxlan0"`), bridges, cables, machines and containers. The other way round it arrives and passes
   * none of them.
   */
  async passes(...names: readonly string[]): Promise<void> {
    if (names.length === 0) throw new RangeError('name what it passes: passes("vxlan0")');
    const start = placeOf(this.from);
    const target = targetOf(this.to, this.options);
    const probe = probeFor(target.text, {});
    const way = `the way from ${start.name} to ${target.name} ${probe.by}`;
    const wanted = `${way} passes ${listed(names)}`;
    const unwanted = `${way} does not pass ${listed(names, "or")}`;
    const probed = await send(this.lab, start, probe);
    const arrived = arrivalOf(probed, probe, target.at);
    if (arrived === null) {
      const { seen, look } = lossOf({ from: start, at: target.at, probe, probed });
      throw new CheckFailure(this.negated ? unwanted : wanted, seen, look);
    }
    // A proxy makes a connection of its own: what its client sent is a part of the way.
    const parts = probed.requests.includes(arrived) ? [arrived] : [...probed.requests, arrived];
    const passed = new Set(parts.flatMap((part) => part.events.flatMap(namesOf)));
    const missed = names.filter((name) => !passed.has(name));
    const met = names.filter((name) => passed.has(name));
    const holds = this.negated ? met.length > 0 : missed.length === 0;
    const seen = `it goes ${parts.map(wayText).join(", then ")}${holds || this.negated ? "" : `, without ${listed(missed)}`}`;
    await report({ holds, wanted, unwanted, seen, look: firstHop(arrived, met) }, this.negated);
  }
}

/** Everything by which an event can be named: where it is, and on which device or cable. */
function namesOf(event: TraceEvent): string[] {
  const place = [event.machine, event.netns, shortName(event.netns)];
  if (event.kind === "bridge") return [...place, event.bridge];
  if (event.kind === "cable") return [...place, event.cable];
  return "device" in event ? [...place, event.device] : place;
}

/** `web (eth0) → docker01 (veth1a2b3c4, docker0) → api (eth0) in 12 µs`. */
function wayText(journey: Journey): string {
  const steps: { readonly place: string; readonly devices: string[] }[] = [];
  for (const event of journey.events) {
    const place = shortName(event.netns);
    if (steps.at(-1)?.place !== place) steps.push({ place, devices: [] });
    const { devices } = steps.at(-1)!;
    const device = event.kind === "bridge" ? event.bridge : "device" in event ? event.device : "";
    if (device !== "" && !devices.includes(device)) devices.push(device);
  }
  const texts = steps.map(({ place, devices }) =>
    devices.length === 0 ? place : `${place} (${devices.join(", ")})`,
  );
  return `${texts.join(" → ")} in ${formatDuration(journey.duration)}`;
}

/** The hop at which it passes what it should not; else the last. */
function firstHop(journey: Journey, met: readonly string[]): string {
  const { hops } = journey;
  const hop = hops.find(({ event }) => namesOf(event).some((name) => met.includes(name))) ?? hops.at(-1)!;
  return hopText(journey, hop);
}

function listed(names: readonly string[], last = "and"): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}
