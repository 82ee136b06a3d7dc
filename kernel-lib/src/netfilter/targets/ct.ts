import { UNTRACKED } from "../conntrack/connection.js";
import type { Action, TargetExtension } from "../extension.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type TargetValue } from "../rule.js";
import { CONTINUE } from "../verdict.js";

/** `-j CT --notrack`: the packet is not tracked; raw table only. Zones, helpers and timeouts are refused. */
export interface CtTarget extends TargetValue {
  readonly target: "CT";
  /** Given as `-j NOTRACK`, and saved so. */
  readonly alias: boolean;
}

const NOTRACK: Action = {
  run({ packet }: PacketView): number {
    if (packet.connection === null) packet.connectionInfo = UNTRACKED;
    return CONTINUE;
  },
};

export const ctTarget: TargetExtension<CtTarget> = {
  name: "CT",
  options: [
    { name: "notrack", words: 0 },
    ...["helper", "timeout", "ctevents", "expevents", "zone", "zone-orig", "zone-reply"].map((name) => ({
      name,
      words: 1 as const,
    })),
  ],
  parse(given) {
    const other = given.find(({ name }) => name !== "notrack");
    if (other !== undefined || given.length === 0)
      throw new IncompleteRule(`target "CT" without --notrack is not supported here`);
    return { target: "CT", alias: false };
  },
  save: ({ alias }) => (alias ? "" : " --notrack"),
  savedAs: ({ alias }) => (alias ? "NOTRACK" : "CT"),
  list: ({ alias }) => (alias ? " NOTRACK" : " CT notrack"),
  place: { table: "raw" },
  // Asks for no tracking by itself (xt_ct_tg_check): a rule that looks at connections does.
  compile: () => NOTRACK,
};

/** `-j NOTRACK`: the older name of `-j CT --notrack`. */
export const notrackTarget: TargetExtension<CtTarget> = {
  ...ctTarget,
  name: "NOTRACK",
  options: [],
  parse: () => ({ target: "CT", alias: true }),
};
