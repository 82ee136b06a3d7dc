import { ICMP_LENGTH, icmp } from "../../wire/icmp.js";
import type { MatchExtension, NameSource, Test } from "../extension.js";
import { parseUnsigned, refuseRepeats, required } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { type MatchValue, RuleError } from "../rule.js";

/** `-m icmp --icmp-type`: a type with all its codes, or one code. Type 255 is any. */
export interface IcmpMatch extends MatchValue {
  readonly match: "icmp";
  readonly type: number;
  readonly firstCode: number;
  readonly lastCode: number;
  readonly negated: boolean;
}

/** Names of types and codes in the order of xt_icmp.h; the first that fits is the one printed. */
const NAMES: readonly (readonly [name: string, type: number, first: number, last: number])[] = [
  ["any", 0xff, 0, 0xff],
  ["echo-reply", 0, 0, 0xff],
  ["pong", 0, 0, 0xff],
  ["destination-unreachable", 3, 0, 0xff],
  ["network-unreachable", 3, 0, 0],
  ["host-unreachable", 3, 1, 1],
  ["protocol-unreachable", 3, 2, 2],
  ["port-unreachable", 3, 3, 3],
  ["fragmentation-needed", 3, 4, 4],
  ["source-route-failed", 3, 5, 5],
  ["network-unknown", 3, 6, 6],
  ["host-unknown", 3, 7, 7],
  ["network-prohibited", 3, 9, 9],
  ["host-prohibited", 3, 10, 10],
  ["TOS-network-unreachable", 3, 11, 11],
  ["TOS-host-unreachable", 3, 12, 12],
  ["communication-prohibited", 3, 13, 13],
  ["host-precedence-violation", 3, 14, 14],
  ["precedence-cutoff", 3, 15, 15],
  ["source-quench", 4, 0, 0xff],
  ["redirect", 5, 0, 0xff],
  ["network-redirect", 5, 0, 0],
  ["host-redirect", 5, 1, 1],
  ["TOS-network-redirect", 5, 2, 2],
  ["TOS-host-redirect", 5, 3, 3],
  ["echo-request", 8, 0, 0xff],
  ["ping", 8, 0, 0xff],
  ["router-advertisement", 9, 0, 0xff],
  ["router-solicitation", 10, 0, 0xff],
  ["time-exceeded", 11, 0, 0xff],
  ["ttl-exceeded", 11, 0, 0xff],
  ["ttl-zero-during-transit", 11, 0, 0],
  ["ttl-zero-during-reassembly", 11, 1, 1],
  ["parameter-problem", 12, 0, 0xff],
  ["ip-header-bad", 12, 0, 0],
  ["required-option-missing", 12, 1, 1],
  ["timestamp-request", 13, 0, 0xff],
  ["timestamp-reply", 14, 0, 0xff],
  ["address-mask-request", 17, 0, 0xff],
  ["address-mask-reply", 18, 0, 0xff],
];

function parseType(text: string): readonly [number, number, number] {
  const lower = text.toLowerCase();
  const named = NAMES.filter(([name]) => name.toLowerCase().startsWith(lower));
  const exact = named.find(([name]) => name.toLowerCase() === lower);
  if (exact !== undefined) return [exact[1], exact[2], exact[3]];
  if (named.length > 1)
    throw new RuleError(`Ambiguous ICMP type \`${text}': \`${named[0]![0]}' or \`${named[1]![0]}'?`);
  if (named.length === 1) return [named[0]![1], named[0]![2], named[0]![3]];
  const [typeText = "", codeText, more] = text.split("/");
  const type = parseUnsigned(typeText, 255);
  if (type === null) throw new RuleError(`Unknown ICMP type \`${text}'`);
  if (codeText === undefined) return [type, 0, 0xff];
  const code = parseUnsigned(codeText, 255);
  if (more !== undefined) throw new RuleError("unknown character /");
  if (code === null) throw new RuleError(`Unknown ICMP code \`${text}'`);
  return [type, code, code];
}

class IcmpTest implements Test {
  constructor(private readonly value: IcmpMatch) {}

  matches(view: PacketView): boolean {
    if (view.fragmentOffset !== 0 || view.protocol !== 1) return false;
    if (view.end - view.transport < ICMP_LENGTH) return view.drop();
    const { type, firstCode, lastCode, negated } = this.value;
    const code = icmp.code.get(view.bytes, view.transport);
    const hit =
      type === 0xff ||
      (icmp.type.get(view.bytes, view.transport) === type && code >= firstCode && code <= lastCode);
    return hit !== negated;
  }
}

function listType({ type, firstCode, lastCode, negated }: IcmpMatch, names: NameSource | null): string {
  const not = negated ? "!" : "";
  if (names !== null) {
    const named = NAMES.find(([, t, first, last]) => t === type && first === firstCode && last === lastCode);
    if (named !== undefined) return ` ${not}${named[0]}`;
  }
  const codes =
    firstCode === 0 && lastCode === 0xff
      ? ""
      : firstCode === lastCode
        ? ` code ${firstCode}`
        : ` codes ${firstCode}-${lastCode}`;
  return `${negated ? " !" : ""}type ${type}${codes}`;
}

export const icmpMatch: MatchExtension<IcmpMatch> = {
  name: "icmp",
  options: [{ name: "icmp-type", words: 1, negatable: true }],
  parse(given) {
    refuseRepeats("icmp", given);
    const { words, negated } = required("icmp", given, "icmp-type");
    const [type, firstCode, lastCode] = parseType(words[0]!);
    return { match: "icmp", type, firstCode, lastCode, negated };
  },
  save({ type, firstCode, lastCode, negated }) {
    const not = negated ? " !" : "";
    if (type === 0xff) return `${not} --icmp-type any`;
    const code = firstCode === 0 && lastCode === 0xff ? "" : `/${firstCode}`;
    return `${not} --icmp-type ${type}${code}`;
  },
  list: (value, names) => ` icmp${listType(value, names)}`,
  place: { protocol: 1 },
  compile: (value) => new IcmpTest(value),
};
