import type { RedisEngine } from "./engine.js";

/** How large a collection may be in its small form: the settings `…-max-listpack-entries` and `…-value`. */
export interface SizeLimits {
  readonly entries: number;
  /** Bytes of the longest member, field or value. */
  readonly bytes: number;
}

export function hashLimits(engine: RedisEngine): SizeLimits {
  return {
    entries: engine.setting("hash-max-listpack-entries"),
    bytes: engine.setting("hash-max-listpack-value"),
  };
}

export function sortedSetLimits(engine: RedisEngine): SizeLimits {
  return {
    entries: engine.setting("zset-max-listpack-entries"),
    bytes: engine.setting("zset-max-listpack-value"),
  };
}
