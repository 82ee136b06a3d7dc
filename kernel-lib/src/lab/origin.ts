import { checkPlan } from "./check-plan.js";
import type { LabPlan } from "./plan.js";
import { type PresetOptions, presetPlan } from "./preset.js";

/** Options of which each may also be there and not set. */
export type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What a lab is made of, as its journal's header says it: a preset with its options, or a plan. */
export type Origin = ({ readonly preset: string } & Loose<PresetOptions>) | { readonly plan: LabPlan };

/** The plan of a lab's machines, checked. Throws a RangeError that says what is wrong with it. */
export function planOf(origin: Origin): LabPlan {
  const plan = "preset" in origin ? presetPlanOf(origin) : origin.plan;
  checkPlan(plan);
  return plan;
}

function presetPlanOf({ preset, ...options }: Extract<Origin, { preset: string }>): LabPlan {
  return presetPlan(preset, options as PresetOptions);
}

/** Without the fields that are not set. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
