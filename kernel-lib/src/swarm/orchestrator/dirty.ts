import type { NodeObject } from "../model/node.js";
import type { ServiceObject, ServiceSpec } from "../model/service.js";
import type { TaskObject } from "../model/task.js";
import { meetsConstraints, parseConstraints } from "./constraint.js";

/** Texts of specs, which are frozen: computed once each. */
const TEXTS = new WeakMap<ServiceSpec, { readonly all: string; readonly withoutConstraints: string }>();

/**
 * Whether a task is not what its service now asks for, so that an update has to replace it (orchestrator.IsTaskDirty). New constraints alone do not
 * matter where the task's node meets them.
 */
export function isDirty({ spec }: ServiceObject, task: TaskObject, node: NodeObject | undefined): boolean {
  if (task.spec === spec) return false;
  const wanted = textsOf(spec);
  const actual = textsOf(task.spec);
  if (wanted.all === actual.all) return false;
  if (wanted.withoutConstraints !== actual.withoutConstraints) return true;
  return node === undefined || !meetsConstraints(node, parseConstraints(spec.constraints));
}

function textsOf(spec: ServiceSpec) {
  let texts = TEXTS.get(spec);
  if (texts === undefined) {
    // Neither the name and labels of the service nor the number of its tasks and the way it changes are part of a task.
    const { name: _, labels: __, mode: ___, update: ____, rollback: _____, ...template } = spec;
    texts = {
      all: JSON.stringify(template, mapsAsEntries),
      withoutConstraints: JSON.stringify({ ...template, constraints: [] }, mapsAsEntries),
    };
    TEXTS.set(spec, texts);
  }
  return texts;
}

function mapsAsEntries(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
