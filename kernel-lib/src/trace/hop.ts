import type { Nanoseconds } from "../base/units.js";
import { behind, decidingSteps, nearMisses } from "./deciding.js";
import { describe } from "./describe.js";
import type { HookEvent, HookStep, TraceEvent } from "./events.js";
import { tunnelsOf } from "./tunnel.js";

/** One row of a packet's story. */
export interface Hop {
  /** From 1. */
  readonly number: number;
  /** Time since the packet was made. */
  readonly since: Nanoseconds;
  /** Time that passed from the hop before it to this one. */
  readonly spent: Nanoseconds;
  readonly machine: string;
  readonly netns: string;
  readonly stage: string;
  /** What was decided, in one line or more. */
  readonly text: string;
  /** The command behind the rule that decided: `docker run -d -p 5000:5000 test-image`; empty elsewhere. */
  readonly because: string;
  /** At a hook: the rules that would have matched but for one term. */
  readonly nearMisses: readonly HookStep[];
  /** 0 for the frame itself; the copies that a flood made count from 1. */
  readonly branch: number;
  /** The VNI of the tunnel that carries the packet here: what is seen is the envelope. Null outside of tunnels. */
  readonly tunnel: number | null;
  readonly event: TraceEvent;
}

/** Rows in the order of time. The time spent is counted along each branch on its own, from where the copy was made. */
export function hopsOf(events: readonly TraceEvent[]): readonly Hop[] {
  const start = events[0]?.at ?? 0;
  const lastOfBranch = new Map<number, Nanoseconds>();
  const copies = new Map<number, number>([[0, 0]]);
  const tunnels = tunnelsOf(events);
  let last = start;
  return events.map((event, i) => {
    const before = lastOfBranch.get(event.branch) ?? last;
    lastOfBranch.set(event.branch, event.at);
    if (!copies.has(event.branch)) copies.set(event.branch, copies.size);
    last = event.at;
    const { stage, text } = describe(event);
    return {
      number: i + 1,
      since: event.at - start,
      spent: Math.max(0, event.at - before),
      machine: event.machine,
      netns: event.netns,
      stage,
      text,
      because: event.kind === "hook" ? becauseOf(event) : "",
      nearMisses: event.kind === "hook" ? nearMisses(event) : [],
      branch: copies.get(event.branch)!,
      tunnel: tunnels[i]!,
      event,
    };
  });
}

function becauseOf(event: HookEvent): string {
  return [...new Set(decidingSteps(event).map(({ origin }) => behind(origin)))].filter(Boolean).join("; ");
}
