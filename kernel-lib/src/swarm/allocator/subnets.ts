import { type Cidr, prefixMask } from "../../base/addresses.js";
import { DockerError } from "../../docker/docker-error.js";

/** Where networks get their subnets from: blocks, each cut into subnets of one size. */
export interface SubnetPools {
  readonly blocks: readonly Cidr[];
  /** Prefix length of a subnet. */
  readonly size: number;
}

function overlap(a: Cidr, b: Cidr): boolean {
  const mask = prefixMask(Math.min(a.prefix, b.prefix));
  return ((a.address ^ b.address) & mask) === 0;
}

/** The subnets that the swarm's networks have. */
export class Subnets {
  private readonly taken = new Set<Cidr>();

  constructor(private readonly pools: SubnetPools) {}

  /** A given subnet, or the first of the pools that is free. Throws DockerError. */
  claim(wanted: Cidr | null): Cidr {
    if (wanted !== null) {
      if ([...this.taken].some((other) => overlap(other, wanted)))
        throw new DockerError("invalid pool request: Pool overlaps with other one on this address space");
      return this.take(wanted);
    }
    for (const block of this.pools.blocks)
      for (let i = 0; i < 2 ** (this.pools.size - block.prefix); i++) {
        const subnet = { address: block.address + i * 2 ** (32 - this.pools.size), prefix: this.pools.size };
        if (![...this.taken].some((other) => overlap(other, subnet))) return this.take(subnet);
      }
    throw new DockerError(
      "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
    );
  }

  release(subnet: Cidr): void {
    this.taken.delete(subnet);
  }

  private take(subnet: Cidr): Cidr {
    this.taken.add(subnet);
    return subnet;
  }
}
