import type { MatchExtension } from "../extension.js";
import type { MatchValue } from "../rule.js";
import { addrtypeMatch } from "./addrtype.js";
import { commentMatch } from "./comment.js";
import { connmarkMatch } from "./connmark.js";
import { conntrackMatch } from "./conntrack.js";
import { icmpMatch } from "./icmp.js";
import { iprangeMatch } from "./iprange.js";
import { ipvsMatch } from "./ipvs.js";
import { lengthMatch } from "./length.js";
import { limitMatch } from "./limit.js";
import { macMatch } from "./mac.js";
import { markMatch } from "./mark.js";
import { multiportMatch } from "./multiport.js";
import { physdevMatch } from "./physdev.js";
import { pkttypeMatch } from "./pkttype.js";
import { sctpMatch } from "./sctp.js";
import { stateMatch } from "./state.js";
import { statisticMatch } from "./statistic.js";
import { tcpMatch } from "./tcp.js";
import { ttlMatch } from "./ttl.js";
import { udpMatch } from "./udp.js";

/** All matches that iptables knows here. */
export const MATCHES: readonly MatchExtension[] = [
  tcpMatch,
  udpMatch,
  icmpMatch,
  sctpMatch,
  addrtypeMatch,
  conntrackMatch,
  stateMatch,
  markMatch,
  connmarkMatch,
  commentMatch,
  multiportMatch,
  physdevMatch,
  limitMatch,
  iprangeMatch,
  macMatch,
  pkttypeMatch,
  lengthMatch,
  ttlMatch,
  statisticMatch,
  ipvsMatch,
] as unknown as readonly MatchExtension[];

/** Matches of iptables 1.8.9 that exist but are refused here. */
export const UNSUPPORTED_MATCHES: ReadonlySet<string> = new Set(
  (
    "ah bpf cgroup cluster connbytes connlabel connlimit cpu dccp devgroup dscp ecn esp hashlimit helper ipcomp nfacct osf owner policy quota rateest " +
    "realm recent rpfilter set socket string tcpmss time tos u32"
  ).split(" "),
);

const BY_NAME = new Map(MATCHES.map((match) => [match.name, match]));

export function matchNamed(name: string): MatchExtension | null {
  return BY_NAME.get(name) ?? null;
}

/** The extension of a value; a value that none made is a bug. */
export function matchOf(value: MatchValue): MatchExtension {
  return BY_NAME.get(value.match)!;
}
