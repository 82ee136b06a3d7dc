import type { Cidr, Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";

/** A network of the whole swarm (api.Network). */
export interface NetworkObject {
  /** 25 characters of 0-9a-z. */
  readonly id: string;
  readonly name: string;
  readonly subnet: Cidr;
  readonly gateway: Ipv4;
  /** VXLAN network identifier, from 4096 on. */
  readonly vni: number;
  readonly ingress: boolean;
  readonly attachable: boolean;
  readonly internal: boolean;
  readonly options: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly createdAt: Nanoseconds;
  /** What the user wrote; null where the swarm chose. */
  readonly wantedSubnet: string | null;
  readonly wantedGateway: string | null;
  /** The load balancer's endpoint of each node in it, by the node's id (on the ingress network: its ingress_sbox). */
  readonly nodeAddresses: Map<string, Ipv4>;
  version: number;
}
