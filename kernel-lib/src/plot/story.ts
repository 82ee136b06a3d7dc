import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import type { Topology } from "../lab/topology.js";
import type { Journey } from "../trace/journey.js";
import { Drawing } from "./figure.js";
import { describeStory, STORY_MIME, type StoryData, storyData } from "./story-data.js";
import { deviceOf, topologySeen } from "./story-map.js";
import { storyHtml } from "./story-page.js";
import { drawStill } from "./story-still.js";
import { layoutTopology } from "./topology-layout.js";

export interface StoryOptions {
  /** The map on which the packet moves: `lab.topology()`. Default: the devices that it passed. */
  readonly topology?: Topology;
}

/**
 * A packet's way to play, step by step: the map with the packet on it, and for each hop its headers with what changed, the rule that matched and the rules that
 * were only just missed. Where no script runs it is a picture of the whole way.
 */
export class Story implements Displayable {
  private readonly picture: Drawing;

  constructor(
    readonly data: StoryData,
    still: string,
  ) {
    this.picture = new Drawing(still, data.description);
  }

  /** What the picture shows, in a few sentences. */
  get description(): string {
    return this.data.description;
  }

  /** The whole way in one still picture. */
  svg(): Promise<string> {
    return this.picture.svg();
  }

  toString(): string {
    return this.description;
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const picture = await this.svg();
    const page = storyHtml(this.data, picture);
    return {
      [STORY_MIME]: this.data,
      ...(page === null ? {} : { "text/html": page }),
      "image/svg+xml": picture,
      "text/plain": this.description,
    };
  }
}

/** The story of one packet: `plot.story(trace.first("TCP SYN"), { topology: lab.topology() })`. */
export function story(journey: Journey, options: StoryOptions = {}): Story {
  const layout = layoutTopology(mapFor(journey, options.topology));
  return new Story(storyData(journey, layout, describeStory(journey)), drawStill(journey, layout));
}

/** A map with none of the packet's devices (a packet that stays on loopback) would show nothing of it: then its own devices are drawn. */
function mapFor(journey: Journey, topology: Topology | undefined): Topology {
  const seen = topologySeen(journey);
  if (topology === undefined) return seen;
  const drawn = new Set(
    topology.machines.flatMap(({ namespaces }) =>
      namespaces.flatMap(({ devices }) => devices.map(({ id }) => id)),
    ),
  );
  const passed = journey.hops.map(({ event }) => deviceOf(event));
  return passed.some((id) => id !== null && drawn.has(id)) ? topology : seen;
}
