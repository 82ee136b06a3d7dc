import type { Ipv4 } from "../../base/addresses.js";
import type { Gossip } from "../gossip/gossip.js";
import type { EndpointRecord, GossipEvent } from "../gossip/tables.js";
import type { MemberPart } from "../parts.js";
import { NetworkNames } from "./network-names.js";

/** The names of all networks that a node is in, as gossip tells them. */
export class Discovery implements MemberPart {
  private readonly networks = new Map<string, NetworkNames>();

  constructor(gossip: Gossip) {
    gossip.watch("endpoint_table", (event) => this.hear(event));
  }

  /** What a daemon before this one had heard is forgotten. */
  start(): undefined {
    this.networks.clear();
  }

  addressesOf(networkId: string, name: string): readonly Ipv4[] {
    return this.networks.get(networkId)?.addresses(name) ?? [];
  }

  nameOf(networkId: string, address: Ipv4): string | null {
    return this.networks.get(networkId)?.nameOf(address) ?? null;
  }

  /** A replica that is to end loses its names at once. The ingress network, which only leads packets, has none. */
  private hear({ record, removed }: GossipEvent<"endpoint_table">): void {
    const { networkId, endpointId, disabled, ingressPorts } = record;
    if (ingressPorts.length > 0) return;
    const names = this.networks.get(networkId) ?? new NetworkNames();
    this.networks.set(networkId, names);
    if (removed || disabled) names.remove(endpointId);
    else names.add(named(record));
  }
}

function named(record: EndpointRecord) {
  return { ...record, vip: record.vip === 0 ? null : record.vip };
}
