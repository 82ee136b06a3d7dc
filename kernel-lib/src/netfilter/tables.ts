import type { HookName } from "./hook.js";

export type TableName = "raw" | "mangle" | "nat" | "filter" | "security";

/** A table's built-in chains, in the order of the hooks' numbers, with their priority there (NF_IP_PRI_*). */
export interface TableSpec {
  readonly name: TableName;
  readonly chains: readonly (readonly [hook: HookName, priority: number])[];
}

export const TABLES: readonly TableSpec[] = [
  {
    name: "raw",
    chains: [
      ["PREROUTING", -300],
      ["OUTPUT", -300],
    ],
  },
  {
    name: "mangle",
    chains: [
      ["PREROUTING", -150],
      ["INPUT", -150],
      ["FORWARD", -150],
      ["OUTPUT", -150],
      ["POSTROUTING", -150],
    ],
  },
  {
    name: "nat",
    chains: [
      ["PREROUTING", -100],
      ["INPUT", 100],
      ["OUTPUT", -100],
      ["POSTROUTING", 100],
    ],
  },
  {
    name: "filter",
    chains: [
      ["INPUT", 0],
      ["FORWARD", 0],
      ["OUTPUT", 0],
    ],
  },
  {
    name: "security",
    chains: [
      ["INPUT", 50],
      ["FORWARD", 50],
      ["OUTPUT", 50],
    ],
  },
];

/** Connection tracking comes after raw and before mangle; a connection is confirmed after everything else. */
export const CONNTRACK_PRIORITY = -200;
export const CONFIRM_PRIORITY = 0x7fffffff;

export function tableSpec(name: string): TableSpec | null {
  return TABLES.find((table) => table.name === name) ?? null;
}
