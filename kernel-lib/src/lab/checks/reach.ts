import type { Journey } from "../../trace/journey.js";
import type { Container } from "../container.js";
import type { Lab } from "../lab.js";
import type { Machine } from "../machine.js";
import { hopText, lossOf } from "./loss.js";
import { addressOf, type Place, placeOf } from "./place.js";
import { arrivalOf, isDeliveredAt, type Probe, type Probed, probeFor, send } from "./probe.js";
import type { Finding } from "./report.js";

export interface ReachOptions {
  /** A TCP port of the machine or container that is to be reached, in place of a ping. */
  readonly port?: number;
  /** Who must get the request: with a published port, the container behind it. */
  readonly at?: Machine | Container;
  /** Bytes of a ping's IPv4 packets, which must not be cut into fragments. */
  readonly size?: number;
  /** What the answer of a url must hold: a text, or a pattern. */
  readonly says?: string | RegExp;
}

export async function checkReach(
  lab: Lab,
  from: Machine | Container,
  to: Machine | Container | string,
  options: ReachOptions,
): Promise<Finding> {
  const start = placeOf(from);
  const target = targetOf(to, options);
  const probe = probeFor(target.text, options);
  const probed = await send(lab, start, probe);
  const sentence = (verb: string) =>
    `${start.name} ${verb} ${target.name} ${probe.by}${ending(target.at, to, options)}`;
  const words = { wanted: sentence("reaches"), unwanted: sentence("does not reach") };
  const short = faultOf(start, target.at, probe, probed, options);
  if (short !== null) return { holds: false, ...words, ...short };
  return { holds: true, ...words, ...reached(probed, target.at, probe) };
}

export interface Target {
  /** For the probe: an address, `ADDRESS:PORT`, a url. */
  readonly text: string;
  readonly name: string;
  /** Who must get the request; null when anybody may. */
  readonly at: Place | null;
}

export function targetOf(to: Machine | Container | string, { port, at }: ReachOptions): Target {
  if (typeof to === "string") return { text: to, name: to, at: at === undefined ? null : placeOf(at) };
  const place = placeOf(to);
  const address = addressOf(place);
  const text = port === undefined ? address : `${address}:${port}`;
  return { text, name: `${place.name} (${text})`, at: at === undefined ? place : placeOf(at) };
}

function ending(at: Place | null, to: unknown, { says }: ReachOptions): string {
  const where = at !== null && typeof to === "string" ? `, at ${at.name}` : "";
  return says === undefined ? where : `${where}, with an answer that holds ${says}`;
}

/** What is wrong; null when all is well. */
function faultOf(
  from: Place,
  at: Place | null,
  probe: Probe,
  probed: Probed,
  { says }: ReachOptions,
): Pick<Finding, "seen" | "look"> | null {
  const { trace, requests, output } = probed;
  const arrived = arrivalOf(probed, probe, at) !== null;
  const answered = trace.journeys.some(
    (journey) => journey.summary.startsWith(probe.answer) && isDeliveredAt(from, journey),
  );
  if (!arrived || !answered || output.status !== 0) return lossOf({ from, at, probe, probed });
  const right =
    says === undefined || (typeof says === "string" ? output.text.includes(says) : says.test(output.text));
  if (right) return null;
  const first = output.text.split("\n")[0]!.slice(0, 120);
  return { seen: `an answer, but it is ${JSON.stringify(first)}`, look: lastHop(requests.at(-1)) };
}

/** What a check that wanted no way through has to say. */
function reached(probed: Probed, at: Place | null, probe: Probe): Pick<Finding, "seen" | "look"> {
  const request = arrivalOf(probed, probe, at);
  return { seen: `the ${probe.noun} arrived and was answered`, look: lastHop(request ?? undefined) };
}

function lastHop(journey: Journey | undefined): string {
  return journey === undefined ? "" : hopText(journey, journey.hops.at(-1));
}
