import {
  type Cidr,
  contains,
  type Ipv4,
  networkOf,
  tryParseInterfaceAddress,
  tryParseIpv4,
} from "../../base/addresses.js";
import { DockerError } from "../docker-error.js";

/** What `docker network create` says of a network's addresses, as it was written. */
export interface IpamRequest {
  /** Null: the first free default pool. */
  readonly subnet: string | null;
  /** What came behind the first --subnet; a bridge network takes none. */
  readonly furtherSubnets: readonly string[];
  readonly gateway: string | null;
  readonly range: string | null;
  /** Addresses that containers are not to get, by a name of the user's. */
  readonly auxAddresses: ReadonlyMap<string, string>;
  readonly ipamOptions: ReadonlyMap<string, string>;
}

export const NO_IPAM_REQUEST: IpamRequest = {
  subnet: null,
  furtherSubnets: [],
  gateway: null,
  range: null,
  auxAddresses: new Map(),
  ipamOptions: new Map(),
};

/** The words of a command line that tell of addresses: each may be given several times, and hold several behind commas. */
export interface IpamWords {
  readonly subnets: readonly string[];
  readonly ranges: readonly string[];
  readonly gateways: readonly string[];
  readonly auxAddresses: ReadonlyMap<string, string>;
  readonly ipamOptions: ReadonlyMap<string, string>;
}

/** The client's refusal of an address before the daemon is asked. */
export class IpamRefusal extends Error {}

/** Brings each range, gateway and auxiliary address to its subnet (consolidateIpam of the client). Throws IpamRefusal in the client's words. */
export function ipamRequest({
  subnets,
  ranges,
  gateways,
  auxAddresses,
  ipamOptions,
}: IpamWords): IpamRequest {
  if (subnets.length < ranges.length || subnets.length < gateways.length)
    throw new IpamRefusal("every ip-range or gateway must have a corresponding subnet");
  subnets.forEach((subnet, i) => {
    for (const former of subnets.slice(0, i))
      if (subnetHolds(subnet, former) || subnetHolds(former, subnet))
        throw new IpamRefusal("multiple overlapping subnet configuration is not supported");
  });
  const range = placed(subnets, ranges, "range");
  const gateway = placed(subnets, gateways, "gateway");
  for (const address of auxAddresses.values())
    if (!subnets.some((subnet) => subnetHolds(subnet, address)))
      throw new IpamRefusal(`no matching subnet for aux-address ${address}`);
  return {
    subnet: subnets[0] ?? null,
    furtherSubnets: subnets.slice(1),
    gateway,
    range,
    auxAddresses,
    ipamOptions,
  };
}

/** That of the first subnet; null when it has none. */
function placed(
  subnets: readonly string[],
  given: readonly string[],
  what: "range" | "gateway",
): string | null {
  const bySubnet = new Map<string, string>();
  for (const text of given) {
    const at = subnets.filter((subnet) => subnetHolds(subnet, text));
    if (at.length === 0) throw new IpamRefusal(`no matching subnet for ${what} ${text}`);
    for (const subnet of at) {
      const former = bySubnet.get(subnet);
      if (former !== undefined)
        throw new IpamRefusal(
          what === "range"
            ? `cannot configure multiple ranges (${text}, ${former}) on the same subnet (${subnet})`
            : `cannot configure multiple gateways (${text}, ${former}) for the same subnet (${subnet})`,
        );
      bySubnet.set(subnet, text);
    }
  }
  return bySubnet.get(subnets[0] ?? "") ?? null;
}

/** Whether the address, or the address before the slash, is in the subnet (subnetMatches). */
function subnetHolds(subnet: string, text: string): boolean {
  const network = tryParseCidr(subnet);
  // The client prints the network that it could not read.
  if (network === null) throw new IpamRefusal(`Invalid subnet <nil> : invalid CIDR address: ${subnet}`);
  if (text.includes("/")) {
    const inside = tryParseCidr(text);
    if (inside === null) throw new IpamRefusal(`Invalid cidr ${text} : invalid CIDR address: ${text}`);
    return contains(networkOf(network), inside.address);
  }
  const address = tryParseIpv4(text);
  return address !== null && contains(networkOf(network), address);
}

function tryParseCidr(text: string) {
  return text.includes("/") ? tryParseInterfaceAddress(text) : null;
}

/** The addresses of a request as numbers. */
export interface WantedAddresses {
  readonly subnet: Cidr | null;
  readonly range: Cidr | null;
  readonly gateway: Ipv4 | null;
}

/** Reads the addresses as the daemon does. Throws DockerError in its words. */
export function wantedAddresses({ subnet, gateway, range }: IpamRequest): WantedAddresses {
  const network = subnet === null ? null : tryParseCidr(subnet);
  if (subnet !== null && network === null)
    throw new DockerError(`Invalid subnet ${subnet} : invalid CIDR address: ${subnet}`, "invalid");
  const address = gateway === null ? null : tryParseIpv4(gateway);
  if (gateway !== null && address === null)
    throw new DockerError(`invalid gateway address ${gateway} in Ipam configuration`, "invalid");
  const part = range === null ? null : tryParseCidr(range);
  if (range !== null && part === null) throw new DockerError("invalid Address SubPool", "invalid");
  return {
    subnet: network === null ? null : networkOf(network),
    range: part === null ? null : networkOf(part),
    gateway: address,
  };
}
