import type { SizeLimits } from "./limits.js";
import type { RedisValue } from "./value.js";

/** Fields in the order in which they came. Divergence: Redis' large form (hashtable) has an order by chance. */
export class HashValue implements RedisValue {
  readonly type = "hash";
  encoding: "listpack" | "hashtable" = "listpack";
  /** Goes up when a field comes or goes. */
  version = 0;
  private readonly map = new Map<string, string>();

  get size(): number {
    return this.map.size;
  }

  get(field: string): string | undefined {
    return this.map.get(field);
  }

  has(field: string): boolean {
    return this.map.has(field);
  }

  /** True if the field is new. */
  set(field: string, text: string, limits: SizeLimits): boolean {
    const isNew = !this.map.has(field);
    this.map.set(field, text);
    if (isNew) this.version++;
    const long = field.length > limits.bytes || text.length > limits.bytes;
    if (long || this.map.size > limits.entries) this.encoding = "hashtable";
    return isNew;
  }

  delete(field: string): boolean {
    this.version++;
    return this.map.delete(field);
  }

  entries(): IterableIterator<[string, string]> {
    return this.map.entries();
  }

  fields(): IterableIterator<string> {
    return this.map.keys();
  }

  clone(): HashValue {
    const copy = new HashValue();
    copy.encoding = this.encoding;
    for (const [field, text] of this.map) copy.map.set(field, text);
    return copy;
  }
}
