import { perEngine } from "./client-state.js";
import type { RedisEngine } from "./engine.js";

/** Calls of one command, for INFO commandstats. */
export interface CommandUsage {
  calls: number;
  rejected: number;
  failed: number;
}

/** What INFO tells beside the engine's own counters. */
export interface Usage {
  readonly commands: Map<string, CommandUsage>;
  /** By the error's first word. */
  readonly errors: Map<string, number>;
  bytesIn: number;
  bytesOut: number;
  /** When the last save ended (or the server began), milliseconds since 1970. */
  savedAt: number;
  saves: number;
  /** 40 hexadecimal digits. */
  readonly runId: string;
  readonly replicationId: string;
}

export const usageOf = perEngine((engine): Usage => {
  const random = engine.random.fork("run-id");
  return {
    commands: new Map(),
    errors: new Map(),
    bytesIn: 0,
    bytesOut: 0,
    savedAt: engine.now(),
    saves: 0,
    runId: random.hex(40),
    replicationId: random.hex(40),
  };
});

/** CONFIG RESETSTAT. */
export function resetStatistics(engine: RedisEngine): void {
  const usage = usageOf(engine);
  usage.commands.clear();
  usage.errors.clear();
  usage.bytesIn = 0;
  usage.bytesOut = 0;
  Object.assign(engine.statistics, { connections: 0, commands: 0, hits: 0, misses: 0, expired: 0 });
}
