import { broadcastOf, type Cidr, contains, formatIpv4, type Ipv4 } from "../../base/addresses.js";
import { DockerError } from "../../docker/docker-error.js";

/**
 * The addresses of one network of the swarm. `serial` (from 18.09 on): the next free one after the last that was given, so that an address that is free again
 * comes round late; before, the lowest free one.
 */
export class SwarmAddressPool {
  private readonly used = new Set<Ipv4>();
  private next: Ipv4;

  constructor(
    readonly subnet: Cidr,
    private readonly serial: boolean,
  ) {
    this.used.add(subnet.address);
    this.used.add(broadcastOf(subnet));
    this.next = subnet.address;
  }

  /** A given address, or the next one. Null when none is left. Throws DockerError when the given one cannot be had. */
  request(wanted: Ipv4 | null = null): Ipv4 | null {
    if (wanted !== null) {
      if (!contains(this.subnet, wanted))
        throw new DockerError(
          `invalid address ${formatIpv4(wanted)}: it does not belong to any of this network's subnets`,
        );
      if (this.used.has(wanted)) throw new DockerError("Address already in use");
      this.used.add(wanted);
      return wanted;
    }
    const first = this.subnet.address;
    const size = broadcastOf(this.subnet) - first + 1;
    const begin = this.serial ? this.next - first : 0;
    for (let i = 0; i < size; i++) {
      const address = first + ((begin + i) % size);
      if (this.used.has(address)) continue;
      this.used.add(address);
      this.next = address + 1;
      return address;
    }
    return null;
  }

  release(address: Ipv4): void {
    if (address !== this.subnet.address && address !== broadcastOf(this.subnet)) this.used.delete(address);
  }
}
