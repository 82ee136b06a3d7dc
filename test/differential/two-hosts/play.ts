import { Flows, frameText } from "./frame-text.js";
import { LISTINGS, type ListingName, printedLines } from "./listings.js";
import { grouped, parseLine, type Scene } from "./scene.js";
import type { ByNamespace, SeenFrame, Side } from "./side.js";

/** What there is to compare after a step: lines by the place where they were seen. */
export interface Observed {
  readonly step: string;
  readonly places: ReadonlyMap<string, readonly string[]>;
}

const USUAL: readonly ListingName[] = ["fdb", "neigh", "link"];

/** Plays a scene on one side. */
export async function play(side: Side, scene: Scene): Promise<readonly Observed[]> {
  const listings = scene.listings ?? USUAL;
  const flows = new Flows();
  await side.open(scene.plan);
  const printed: string[] = [];
  for (const { machine, command } of grouped(scene.setup))
    printed.push(...lines(await side.run(machine, command)));
  const seen = [await observe(side, "set-up", printed, listings, flows)];
  const every = scene.listEvery ?? 1;
  for (const [i, step] of scene.steps.entries()) {
    const line = parseLine(step);
    let said: readonly string[] = [];
    if ("frame" in line) await side.send(line.machine, line.space, line.device, line.frame);
    else said = lines(await side.run(line.machine, line.command));
    const look = (i + 1) % every === 0 || i === scene.steps.length - 1;
    seen.push(await observe(side, step, said, look ? listings : [], flows));
  }
  return seen;
}

function lines({ status, text }: { status: number; text: string }): readonly string[] {
  return [...printedLines(text), `[${status}]`];
}

async function observe(
  side: Side,
  step: string,
  printed: readonly string[],
  listings: readonly ListingName[],
  flows: Flows,
): Promise<Observed> {
  const places = new Map<string, readonly string[]>([["printed", printed]]);
  addFrames(places, await side.take(), flows);
  if (listings.length === 0) return { step, places };
  const asked = listings.map((name) => LISTINGS[name]);
  const everywhere = asked.filter(({ of }) => of === "all");
  const answers = await side.ask({
    machines: asked.map(({ command }) => command),
    containers: everywhere.map(({ command }) => command),
  });
  for (const [machine, spaces] of Object.entries(answers))
    for (const [space, texts] of Object.entries(spaces))
      for (const [i, text] of texts.entries()) {
        const listing = (space === "" ? asked : everywhere)[i]!;
        places.set(`${where(machine, space)} ${listing.name}`, listing.lines(text));
      }
  return { step, places };
}

/** Frames by device, in their order there. */
function addFrames(
  places: Map<string, readonly string[]>,
  taken: ByNamespace<readonly SeenFrame[]>,
  flows: Flows,
): void {
  const byDevice = new Map<string, string[]>();
  for (const [machine, spaces] of Object.entries(taken))
    for (const [space, frames] of Object.entries(spaces))
      for (const { device, direction, bytes } of frames) {
        const place = `${where(machine, space)} frames on ${device}`;
        const list = byDevice.get(place) ?? [];
        byDevice.set(place, list);
        list.push(`${direction} ${frameText(bytes, place, flows)}`);
      }
  for (const [place, list] of byDevice) places.set(place, list);
}

function where(machine: string, space: string): string {
  return space === "" ? machine : `${machine}/${space}`;
}
