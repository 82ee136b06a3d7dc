/** Settings of redis.conf with their defaults (Redis 7.0, config.c), in so far as the engine reads them. */
export const DEFAULT_SETTINGS: ReadonlyMap<string, string> = new Map([
  ["databases", "16"],
  ["requirepass", ""],
  ["hash-max-listpack-entries", "512"],
  ["hash-max-listpack-value", "64"],
  ["set-max-intset-entries", "512"],
  ["zset-max-listpack-entries", "128"],
  ["zset-max-listpack-value", "64"],
]);
