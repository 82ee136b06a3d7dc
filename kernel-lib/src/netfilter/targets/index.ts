import type { TargetExtension } from "../extension.js";
import type { TargetValue } from "../rule.js";
import { connmarkTarget } from "./connmark.js";
import { ctTarget, notrackTarget } from "./ct.js";
import { logTarget } from "./log.js";
import { markTarget } from "./mark.js";
import { dnatTarget, masqueradeTarget, redirectTarget, snatTarget } from "./nat.js";
import { rejectTarget } from "./reject.js";
import { traceTarget } from "./trace.js";
import { ttlTarget } from "./ttl.js";

/** All targets that iptables knows here, beside the verdicts. */
export const TARGETS: readonly TargetExtension[] = [
  rejectTarget,
  logTarget,
  masqueradeTarget,
  dnatTarget,
  snatTarget,
  redirectTarget,
  markTarget,
  connmarkTarget,
  ctTarget,
  notrackTarget,
  ttlTarget,
  traceTarget,
] as unknown as readonly TargetExtension[];

/** Targets of iptables 1.8.9 that exist but are refused here. */
export const UNSUPPORTED_TARGETS: ReadonlySet<string> = new Set(
  (
    "AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED NETMAP NFLOG NFQUEUE QUEUE RATEEST SECMARK SET SYNPROXY " +
    "TCPMSS TCPOPTSTRIP TEE TOS TPROXY ULOG"
  ).split(" "),
);

const BY_NAME = new Map(TARGETS.map((target) => [target.name, target]));

export function targetNamed(name: string): TargetExtension | null {
  return BY_NAME.get(name) ?? null;
}

/** The extension of a value, or null for verdicts and chains. */
export function targetOf(value: TargetValue): TargetExtension | null {
  return BY_NAME.get(value.target) ?? null;
}
