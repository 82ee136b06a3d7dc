import type { Action, TargetExtension } from "../extension.js";
import type { Netfilter } from "../netfilter.js";
import { optionNamed, refuseRepeats } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { RuleError, type TargetValue } from "../rule.js";
import { RuleRefused } from "../rule-refused.js";
import { DROP } from "../verdict.js";

/** `-j REJECT --reject-with`: dropped, and the sender is told. */
export interface RejectTarget extends TargetValue {
  readonly target: "REJECT";
  readonly answer: string;
}

/** Name, short name, code of "destination unreachable" (-1: a TCP reset). */
const ANSWERS: readonly (readonly [name: string, short: string, code: number])[] = [
  ["icmp-net-unreachable", "net-unreach", 0],
  ["icmp-host-unreachable", "host-unreach", 1],
  ["icmp-port-unreachable", "port-unreach", 3],
  ["icmp-proto-unreachable", "proto-unreach", 2],
  ["icmp-net-prohibited", "net-prohib", 9],
  ["icmp-host-prohibited", "host-prohib", 10],
  ["tcp-reset", "tcp-rst", -1],
  ["icmp-admin-prohibited", "admin-prohib", 13],
];

class RejectAction implements Action {
  constructor(
    private readonly code: number,
    private readonly netfilter: Netfilter,
  ) {}

  run({ packet }: PacketView): number {
    if (this.code < 0) this.netfilter.port.sendReset(packet);
    else this.netfilter.port.sendUnreachable(packet, this.code);
    return DROP;
  }
}

export const rejectTarget: TargetExtension<RejectTarget> = {
  name: "REJECT",
  options: [{ name: "reject-with", words: 1 }],
  parse(given, context) {
    refuseRepeats("REJECT", given);
    const word = optionNamed(given, "reject-with")?.words[0] ?? "icmp-port-unreachable";
    const lower = word.toLowerCase();
    const found = ANSWERS.find(([name, short]) => name.startsWith(lower) || short.startsWith(lower));
    if (lower.startsWith("echo-reply")) context.remark(`--reject-with ${word} no longer supported\n`);
    if (found === undefined) throw new RuleError(`unknown reject type "${word}"`);
    return { target: "REJECT", answer: found[0] };
  },
  save: ({ answer }) => ` --reject-with ${answer}`,
  list: ({ answer }) => ` reject-with ${answer}`,
  place: { table: "filter", hooks: ["INPUT", "FORWARD", "OUTPUT"] },
  check: ({ answer }, rule) =>
    answer === "tcp-reset" && (rule.protocol !== 6 || rule.protocolNegated)
      ? new RuleRefused("EINVAL", "ipt_REJECT: TCP_RESET invalid for non-tcp")
      : null,
  compile: ({ answer }, netfilter) =>
    new RejectAction(ANSWERS.find(([name]) => name === answer)![2], netfilter),
};
