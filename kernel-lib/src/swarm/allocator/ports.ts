import type { ServicePort } from "../model/service.js";

/** Where ports that nobody named come from (dynamicPortStart, dynamicPortEnd of swarmkit's port allocator). */
const DYNAMIC_FIRST = 30_000;
const DYNAMIC_LAST = 32_767;

/** The published ports of the routing mesh, by protocol: one service has a port on all nodes. */
export class PublishedPortSpace {
  private readonly owners = new Map<string, string>();
  private readonly nextDynamic = new Map<string, number>();

  /** The ports of a service with what is chosen for those that nobody named; what it had before it keeps. Null: one is another service's. */
  claim(
    serviceId: string,
    wanted: readonly ServicePort[],
    had: readonly ServicePort[],
  ): readonly ServicePort[] | null {
    const named = wanted.filter(({ mode, publishedPort }) => mode === "ingress" && publishedPort !== 0);
    if (named.some((port) => (this.owners.get(keyOf(port)) ?? serviceId) !== serviceId)) return null;
    this.release(serviceId);
    for (const port of named) this.owners.set(keyOf(port), serviceId);
    return wanted.map((port) => {
      if (port.mode !== "ingress" || port.publishedPort !== 0) return port;
      const before = had.find((old) => isSame(old, port) && !this.owners.has(keyOf(old)));
      const chosen = { ...port, publishedPort: before?.publishedPort ?? this.dynamic(port.protocol) };
      this.owners.set(keyOf(chosen), serviceId);
      return chosen;
    });
  }

  release(serviceId: string): void {
    for (const [key, owner] of [...this.owners]) if (owner === serviceId) this.owners.delete(key);
  }

  private dynamic(protocol: ServicePort["protocol"]): number {
    const count = DYNAMIC_LAST - DYNAMIC_FIRST + 1;
    const begin = this.nextDynamic.get(protocol) ?? DYNAMIC_FIRST;
    for (let i = 0; i < count; i++) {
      const port = DYNAMIC_FIRST + ((begin - DYNAMIC_FIRST + i) % count);
      if (this.owners.has(`${port}/${protocol}`)) continue;
      this.nextDynamic.set(protocol, port + 1);
      return port;
    }
    throw new Error("all dynamic ports of the routing mesh are taken");
  }
}

function keyOf({ publishedPort, protocol }: ServicePort): string {
  return `${publishedPort}/${protocol}`;
}

function isSame(a: ServicePort, b: ServicePort): boolean {
  return a.targetPort === b.targetPort && a.protocol === b.protocol && a.mode === b.mode && a.name === b.name;
}
