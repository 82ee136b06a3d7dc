/** Who asked for a port that another container has. */
export class PortTaken extends Error {
  constructor(address: string, port: number) {
    super(`Bind for ${address}:${port} failed: port is already allocated`);
  }
}

interface PortRange {
  readonly begin: number;
  readonly end: number;
  /** The port that was given last: the next search goes on behind it. */
  last: number;
}

interface PortMap {
  readonly taken: Set<number>;
  readonly ranges: Map<string, PortRange>;
}

/** The host ports that containers have, for each address and protocol by itself (libnetwork's portallocator). */
export class PortAllocator {
  private readonly maps = new Map<string, PortMap>();

  /** `dynamic`: the range of ports that nobody named (net.ipv4.ip_local_port_range when the daemon started). */
  constructor(private readonly dynamic: readonly [first: number, last: number]) {}

  /** One port out of a range; 0 to 0 is the dynamic one. Throws PortTaken for a single port, and when a range is used up. */
  request(address: string, protocol: string, first: number, last: number): number {
    const map = this.mapOf(address, protocol);
    if (first > 0 && first === last) {
      if (map.taken.has(first)) throw new PortTaken(address, first);
      map.taken.add(first);
      return first;
    }
    const range = this.rangeOf(map, first, last);
    for (let i = 0; i <= range.end - range.begin; i++) {
      const port = range.last >= range.end ? range.begin : range.last + 1;
      range.last = port;
      if (map.taken.has(port)) continue;
      map.taken.add(port);
      return port;
    }
    throw new Error("all ports are allocated");
  }

  release(address: string, protocol: string, port: number): void {
    this.mapOf(address, protocol).taken.delete(port);
  }

  private mapOf(address: string, protocol: string): PortMap {
    const key = `${address}|${protocol}`;
    let map = this.maps.get(key);
    if (map === undefined) {
      map = { taken: new Set(), ranges: new Map() };
      this.maps.set(key, map);
    }
    return map;
  }

  private rangeOf(map: PortMap, first: number, last: number): PortRange {
    const [begin, end] = first === 0 && last === 0 ? this.dynamic : [first, last];
    const key = `${begin}-${end}`;
    let range = map.ranges.get(key);
    if (range === undefined) {
      range = { begin, end, last: end };
      map.ranges.set(key, range);
    }
    return range;
  }
}
