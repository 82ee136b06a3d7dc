import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { htmlTable, textTable } from "../base/html.js";
import { behind, shortened } from "./deciding.js";
import { beforeDnat } from "./dropped.js";
import type { HookEvent, HookStep } from "./events.js";
import type { Hop } from "./hop.js";
import { placeNames } from "./place-name.js";

const HEAD = ["hop", "where", "hook", "table", "chain", "rule", "text", "result", "because of"];

/** Which rules of a packet's way are wanted: all that is given must hold. */
export interface RuleWalkOptions {
  readonly hook?: string;
  readonly table?: string;
  /** Rules that matched, those that missed by one term only, or (default) all. */
  readonly show?: "matched" | "near misses" | "all";
}

/** Every rule that a packet met, in order: whether it matched, or the term that did not hold, and the command behind the rule. */
export class RuleWalk implements Displayable {
  /** The hops with the rules met there. */
  readonly met: readonly { readonly hop: Hop; readonly event: HookEvent; readonly step: HookStep }[];

  constructor(
    readonly caption: string,
    hops: readonly Hop[],
    options: RuleWalkOptions = {},
  ) {
    const { show = "all" } = options;
    this.met = hops.flatMap((hop) => {
      const { event } = hop;
      if (event.kind !== "hook" || (options.hook ?? event.hook) !== event.hook) return [];
      const steps =
        show === "near misses"
          ? hop.nearMisses
          : event.steps.filter(({ matched }) => matched || show === "all");
      return steps
        .filter(({ table }) => (options.table ?? table) === table)
        .map((step) => ({ hop, event, step }));
    });
  }

  get rows(): readonly (readonly string[])[] {
    const nameOf = placeNames(this.met.map(({ hop }) => hop));
    return this.met.map(({ hop, event, step }) => [
      String(hop.number),
      nameOf(hop),
      event.hook,
      ...ruleRow(step, event),
    ]);
  }

  toString(): string {
    return `${this.caption}\n${textTable(HEAD, this.rows, [0, 5])}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": htmlTable(this.caption, HEAD, this.rows) };
  }
}

/** Table, chain, number, text, result and command of one rule. */
export function ruleRow(step: HookStep, event: HookEvent): readonly string[] {
  return [
    step.table,
    step.chain,
    step.rule === 0 ? "" : String(step.rule),
    step.text,
    resultText(step, event),
    shortened(behind(step.origin)),
  ];
}

/** `matches`, or `misses: -i docker0`. */
function resultText(step: HookStep, event: HookEvent): string {
  if (step.failed === undefined) return "matches";
  const hint = beforeDnat(step, event);
  return `misses: ${[step.failed, ...(step.alsoFailed ?? [])].join(", ")}${hint === "" ? "" : ` (${hint})`}`;
}
