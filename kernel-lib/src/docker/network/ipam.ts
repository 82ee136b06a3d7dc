import { broadcastOf, type Cidr, contains, formatIpv4, type Ipv4, prefixMask } from "../../base/addresses.js";
import { type AddressBlock, DEFAULT_ADDRESS_POOLS } from "../daemon/settings.js";
import { DockerError } from "../docker-error.js";

/** The subnets of a list of blocks, in order. */
function* subnetsOf(blocks: readonly AddressBlock[]): Generator<Cidr> {
  for (const { base, size } of blocks)
    for (let i = 0; i < 2 ** (size - base.prefix); i++)
      yield { address: base.address + i * 2 ** (32 - size), prefix: size };
}

function overlap(a: Cidr, b: Cidr): boolean {
  const prefix = Math.min(a.prefix, b.prefix);
  return ((a.address ^ b.address) & prefixMask(prefix)) === 0;
}

/** The subnets in use on one engine. */
export class AddressSpace {
  /** Where a network without --subnet gets one. */
  blocks: readonly AddressBlock[] = DEFAULT_ADDRESS_POOLS;
  private readonly pools = new Set<AddressPool>();
  /** Where the search for the next default pool begins. */
  private next = 0;

  /** `inTurn`: a default pool that was given back comes round only after all others. */
  constructor(private readonly inTurn: boolean) {}

  /** Takes a subnet. Throws DockerError when it overlaps one in use. */
  claim(subnet: Cidr, range: Cidr | null): AddressPool {
    for (const pool of this.pools) {
      if (overlap(pool.subnet, subnet))
        throw new DockerError("Pool overlaps with other one on this address space", "forbidden");
    }
    return this.add(new AddressPool(subnet, range));
  }

  /** The first default pool that overlaps neither a pool in use nor a route of the machine. */
  claimDefault(routes: readonly Cidr[]): AddressPool {
    const taken = [...routes, ...[...this.pools].map((pool) => pool.subnet)];
    const subnets = [...subnetsOf(this.blocks)];
    for (let i = 0; i < subnets.length; i++) {
      const at = (this.next + i) % subnets.length;
      const subnet = subnets[at]!;
      if (taken.some((other) => overlap(other, subnet))) continue;
      if (this.inTurn) this.next = (at + 1) % subnets.length;
      return this.add(new AddressPool(subnet, null));
    }
    throw new DockerError(
      "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
    );
  }

  /** The search for default pools begins with the first again, as when dockerd starts. */
  rewind(): void {
    this.next = 0;
  }

  release(pool: AddressPool): void {
    this.pools.delete(pool);
  }

  private add(pool: AddressPool): AddressPool {
    this.pools.add(pool);
    return pool;
  }
}

/** Addresses of one subnet: the lowest free one is given out (libnetwork's bitmap, not serial on bridge networks). */
export class AddressPool {
  private readonly used = new Set<Ipv4>();

  constructor(
    readonly subnet: Cidr,
    readonly range: Cidr | null,
  ) {
    this.used.add(subnet.address);
    this.used.add(broadcastOf(subnet));
  }

  has(address: Ipv4): boolean {
    return contains(this.subnet, address);
  }

  /** Whether nobody holds it. */
  isFree(address: Ipv4): boolean {
    return this.has(address) && !this.used.has(address);
  }

  /** A given address, or the lowest free one of the range. Null when none is left. Throws DockerError when the given one is taken. */
  request(wanted: Ipv4 | null): Ipv4 | null {
    if (wanted !== null) {
      if (!this.has(wanted))
        throw new DockerError(
          `Invalid address ${formatIpv4(wanted)}: It does not belong to any of this network's subnets`,
        );
      if (this.used.has(wanted)) throw new DockerError("Address already in use", "forbidden");
      this.used.add(wanted);
      return wanted;
    }
    // A range may be wider than its subnet: Docker takes it, and gives out what is in both.
    const from = this.range ?? this.subnet;
    const last = Math.min(broadcastOf(from), broadcastOf(this.subnet));
    for (let address = Math.max(from.address, this.subnet.address); address <= last; address++) {
      if (this.used.has(address)) continue;
      this.used.add(address);
      return address;
    }
    return null;
  }

  release(address: Ipv4): void {
    if (address !== this.subnet.address && address !== broadcastOf(this.subnet)) this.used.delete(address);
  }
}
