import { SETTINGS } from "./config-table.js";

/** Settings of redis.conf with their defaults (Redis 7.0, config.c). */
export const DEFAULT_SETTINGS: ReadonlyMap<string, string> = new Map(
  [...SETTINGS.values()].map(({ name, initial }) => [name, initial]),
);
