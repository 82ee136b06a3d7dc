import { type Cidr, type InterfaceAddress, parseCidr } from "../../base/addresses.js";

/** A block of addresses from which networks without --subnet get a subnet each. */
export interface AddressBlock {
  readonly base: Cidr;
  /** Prefix length of the subnets. */
  readonly size: number;
}

/** What the daemon takes from its configuration file: with an empty one, Docker's defaults. */
export interface DaemonSettings {
  /** docker-proxy serves what the rules cannot. Without it rules do everything (hairpin mode). */
  readonly userlandProxy: boolean;
  /** Containers of the default bridge reach each other. */
  readonly icc: boolean;
  /** Rules are set up at all. */
  readonly iptables: boolean;
  /** Forwarding is turned on when the daemon starts. */
  readonly ipForward: boolean;
  /** What leaves the default bridge gets the machine's address. */
  readonly ipMasquerade: boolean;
  /** The default bridge's own address and subnet; null: those that it has, or the first free default pool. */
  readonly bip: InterfaceAddress | null;
  /** The default bridge's containers get addresses out of this part of its subnet. */
  readonly fixedCidr: Cidr | null;
  /** MTU of the default bridge and its containers. */
  readonly mtu: number;
  /** The machine's address that `-p` without one binds to. */
  readonly ip: string;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly addressPools: readonly AddressBlock[];
}

/** 172.17 to 172.31 as /16, then 192.168 in /20 (libnetwork's ipamutils). */
export const DEFAULT_ADDRESS_POOLS: readonly AddressBlock[] = [
  ...Array.from({ length: 15 }, (_, i) => ({ base: parseCidr(`172.${17 + i}.0.0/16`), size: 16 })),
  { base: parseCidr("192.168.0.0/16"), size: 20 },
];

export const DEFAULT_SETTINGS: DaemonSettings = {
  userlandProxy: true,
  icc: true,
  iptables: true,
  ipForward: true,
  ipMasquerade: true,
  bip: null,
  fixedCidr: null,
  mtu: 1500,
  ip: "0.0.0.0",
  dns: [],
  dnsSearch: [],
  dnsOptions: [],
  addressPools: DEFAULT_ADDRESS_POOLS,
};
