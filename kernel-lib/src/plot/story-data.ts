import { formatDuration } from "../base/units.js";
import { behind, decidingSteps, shortened, stepText } from "../trace/deciding.js";
import type { Hop } from "../trace/hop.js";
import type { Journey } from "../trace/journey.js";
import { placeNames } from "../trace/place-name.js";
import { headersOf, type StoryHeader } from "./story-headers.js";
import { placesOf } from "./story-map.js";
import type { Layout } from "./topology-layout.js";
import { endInWords, wayInWords } from "./way-in-words.js";

/** The mime type of a story's data: what the book's page makes its figure of. */
export const STORY_MIME = "application/vnd.hopbook.story+json";

/** A packet's way as plain data, ready to be shown. */
export interface StoryData {
  readonly title: string;
  readonly description: string;
  /** Size of the map, in its own units: the static picture has more below it. */
  readonly map: { readonly width: number; readonly height: number };
  readonly hops: readonly StoryHop[];
}

export interface StoryHop {
  readonly time: string;
  readonly spent: string;
  readonly where: string;
  readonly stage: string;
  /** 0 for the packet itself, copies that a flood made from 1. */
  readonly copy: number;
  /** The line on which it came here from the hop before, in the map's units: x, y, x, y. */
  readonly way: readonly number[];
  /** What happens, in a reader's words. */
  readonly text: string;
  /** What was changed, in a reader's words. */
  readonly changes: readonly string[];
  /** At a hook: how many rules were met, the ones that decided, and those that were missed by one term. */
  readonly met: number;
  readonly rules: readonly StoryRule[];
  readonly misses: readonly StoryRule[];
  readonly end: "" | "delivered" | "dropped";
  readonly headers: readonly StoryHeader[];
}

export interface StoryRule {
  readonly rule: string;
  /** The term that does not hold; empty for a rule that matches. */
  readonly fails: string;
  readonly because: string;
}

export function storyData(journey: Journey, layout: Layout, description: string): StoryData {
  const nameOf = placeNames(journey.events);
  const headers = headersOf(journey);
  const places = placesOf(layout, journey);
  return {
    title: journey.summary,
    description,
    map: { width: Math.ceil(layout.width), height: Math.ceil(layout.height) },
    hops: journey.hops.map((hop, i) => ({
      ...told(hop),
      where: nameOf(hop),
      way: places[i]!.flatMap(({ x, y }) => [x, y]),
      headers: headers[i]!,
    })),
  };
}

function told(hop: Hop): Omit<StoryHop, "where" | "way" | "headers"> {
  const { event } = hop;
  const [first = "", ...rest] = hop.text.split("\n");
  const steps = event.kind === "hook" ? decidingSteps(event) : [];
  return {
    time: formatDuration(hop.since),
    spent: formatDuration(hop.spent),
    stage: hop.stage,
    copy: hop.branch,
    // The rules stand below: what is left is the verdict.
    text: steps.length > 0 ? first.slice(0, first.indexOf(":")) : first,
    changes: rest,
    met: event.kind === "hook" ? event.steps.length : 0,
    rules: steps.map((step) => ({
      rule: stepText(step),
      fails: "",
      because: shortened(behind(step.origin)),
    })),
    misses: hop.nearMisses.map((step) => ({
      rule: stepText(step),
      fails: step.failed ?? "",
      because: shortened(behind(step.origin)),
    })),
    end: event.kind === "deliver" ? "delivered" : event.kind === "drop" ? "dropped" : "",
  };
}

/** Its way, what was changed on it, and how it ended: `The packet TCP SYN … goes client → router → docker01: 24 hops, 15.8 µs. … It is delivered …`. */
export function describeStory(journey: Journey): string {
  const nameOf = placeNames(journey.events);
  const changes = journey.hops.flatMap((hop) =>
    hop.event.kind === "hook"
      ? hop.event.changes.map(
          ({ what, before, after }) =>
            `${hop.stage} on ${nameOf(hop)} changes the ${what} from ${before} to ${after}.`,
        )
      : [],
  );
  return [wayInWords(journey), ...changes, endInWords(journey)].join(" ");
}
