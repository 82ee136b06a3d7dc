import { formatIpv4 } from "../../base/addresses.js";
import type { SwarmMember } from "../member.js";

/** The part of `docker info` about the swarm (prettyPrintSwarmInfo). */
export function infoLines(member: SwarmMember): readonly string[] {
  if (member.cluster === null) return [" Swarm: inactive"];
  return [
    " Swarm: active",
    `  NodeID: ${member.nodeId}`,
    `  Is Manager: ${member.isManager}`,
    `  Node Address: ${formatIpv4(member.address)}`,
  ];
}
