import type { Action, TargetExtension } from "../extension.js";
import type { PacketView } from "../packet-view.js";
import type { TargetValue } from "../rule.js";
import { CONTINUE } from "../verdict.js";

/** `-j TRACE`: from here on the kernel logs every rule that takes the packet; raw table only. */
export interface TraceTarget extends TargetValue {
  readonly target: "TRACE";
}

const MARK_TRACED: Action = {
  run({ packet }: PacketView): number {
    packet.nfTrace = true;
    return CONTINUE;
  },
};

export const traceTarget: TargetExtension<TraceTarget> = {
  name: "TRACE",
  options: [],
  parse: () => ({ target: "TRACE" }),
  save: () => "",
  list: () => "",
  place: { table: "raw" },
  compile: () => MARK_TRACED,
};
