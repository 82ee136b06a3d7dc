import type { Netns } from "./netns.js";

/** Numbers by which a namespace knows others (NETNSA_NSID): given when first needed, the lowest free from 0. */
export class NetnsIds {
  private readonly ids = new Map<Netns, number>();

  of(other: Netns): number {
    const known = this.peek(other);
    if (known !== null) return known;
    let id = 0;
    const taken = new Set(this.ids.values());
    while (taken.has(id)) id++;
    this.ids.set(other, id);
    return id;
  }

  peek(other: Netns): number | null {
    for (const namespace of [...this.ids.keys()]) if (namespace.disposed) this.ids.delete(namespace);
    return this.ids.get(other) ?? null;
  }
}
