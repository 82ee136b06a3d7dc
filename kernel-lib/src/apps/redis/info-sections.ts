import { channelsOf } from "./channels.js";
import { REDIS_VERSION, type RedisEngine } from "./engine.js";
import type { Keyspace } from "./keyspace.js";
import { usageOf } from "./usage.js";

/** In the order in which INFO prints them. */
export const DEFAULT_SECTIONS: readonly string[] = [
  "server",
  "clients",
  "memory",
  "persistence",
  "stats",
  "replication",
  "cpu",
  "modules",
  "errorstats",
  "cluster",
  "keyspace",
];
export const SECTIONS: readonly string[] = [
  ...DEFAULT_SECTIONS.slice(0, 8),
  "commandstats",
  ...DEFAULT_SECTIONS.slice(8),
];

/** Bytes that a server without keys takes, and what a key takes on average. Divergence: memory is estimated. */
const START_MEMORY = 865_744;
const KEY_MEMORY = 96;
const TOTAL_MEMORY = 2_147_483_648;

type Line = readonly [name: string, value: string | number];

/** A section with its heading, each line ended by CR LF. */
export function infoSection(engine: RedisEngine, section: string): string {
  const lines = LINES[section]!(engine);
  const title = section[0]!.toUpperCase() + section.slice(1);
  return `# ${title}\r\n${lines.map(([name, value]) => `${name}:${value}\r\n`).join("")}`;
}

const LINES: Readonly<Record<string, (engine: RedisEngine) => readonly Line[]>> = {
  server: serverLines,
  clients: (engine) => [
    ["connected_clients", engine.sessions.size],
    ["cluster_connections", 0],
    ["maxclients", engine.setting("maxclients")],
    ["client_recent_max_input_buffer", 20480],
    ["client_recent_max_output_buffer", 0],
    ["blocked_clients", [...engine.sessions.values()].filter(({ blocked }) => blocked).length],
    ["tracking_clients", 0],
    ["clients_in_timeout_table", 0],
  ],
  memory: memoryLines,
  persistence: persistenceLines,
  stats: statsLines,
  replication: (engine) => [
    ["role", "master"],
    ["connected_slaves", 0],
    ["master_failover_state", "no-failover"],
    ["master_replid", usageOf(engine).replicationId],
    ["master_replid2", "0".repeat(40)],
    ["master_repl_offset", 0],
    ["second_repl_offset", -1],
    ["repl_backlog_active", 0],
    ["repl_backlog_size", engine.setting("repl-backlog-size")],
    ["repl_backlog_first_byte_offset", 0],
    ["repl_backlog_histlen", 0],
  ],
  cpu: (engine) => {
    const used = (engine.statistics.commands * 0.000_01 + 0.01).toFixed(6);
    return [
      ["used_cpu_sys", used],
      ["used_cpu_user", used],
      ["used_cpu_sys_children", "0.000000"],
      ["used_cpu_user_children", "0.000000"],
      ["used_cpu_sys_main_thread", used],
      ["used_cpu_user_main_thread", used],
    ];
  },
  modules: () => [],
  commandstats: (engine) =>
    [...usageOf(engine).commands].map(([name, { calls, rejected, failed }]) => [
      `cmdstat_${name}`,
      `calls=${calls},usec=${calls},usec_per_call=1.00,rejected_calls=${rejected},failed_calls=${failed}`,
    ]),
  errorstats: (engine) =>
    [...usageOf(engine).errors].map(([word, count]) => [`errorstat_${word}`, `count=${count}`]),
  cluster: () => [["cluster_enabled", 0]],
  keyspace: keyspaceLines,
};

function serverLines(engine: RedisEngine): Line[] {
  const now = engine.now();
  const uptime = Math.floor((now - engine.statistics.startedAt) / 1000);
  return [
    ["redis_version", REDIS_VERSION],
    ["redis_git_sha1", "00000000"],
    ["redis_git_dirty", 0],
    ["redis_build_id", "ae4d7c971a948f0"],
    ["redis_mode", "standalone"],
    ["os", "Linux 6.1.0 x86_64"],
    ["arch_bits", 64],
    ["monotonic_clock", "POSIX clock_gettime"],
    ["multiplexing_api", "epoll"],
    ["atomicvar_api", "c11-builtin"],
    ["gcc_version", "12.2.0"],
    ["process_id", 1],
    ["process_supervised", "no"],
    ["run_id", usageOf(engine).runId],
    ["tcp_port", engine.settings.get("port") ?? "6379"],
    ["server_time_usec", Math.floor(now * 1000)],
    ["uptime_in_seconds", uptime],
    ["uptime_in_days", Math.floor(uptime / 86_400)],
    ["hz", 10],
    ["configured_hz", engine.settings.get("hz") ?? "10"],
    ["lru_clock", Math.floor(now / 1000) & 0xffffff],
    ["executable", "/data/redis-server"],
    ["config_file", ""],
    ["io_threads_active", 0],
  ];
}

function keyCount(engine: RedisEngine): number {
  let keys = 0;
  for (let index = 0; index < engine.databaseCount; index++) keys += engine.database(index).size;
  return keys;
}

/** `919.33K` (bytesToHuman). */
function human(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const power = bytes < 1024 ** 2 ? 1 : bytes < 1024 ** 3 ? 2 : 3;
  return `${(bytes / 1024 ** power).toFixed(2)}${"KMG"[power - 1]}`;
}

function memoryLines(engine: RedisEngine): Line[] {
  const keys = keyCount(engine);
  const overhead = START_MEMORY + engine.sessions.size * 1928;
  const used = overhead + keys * KEY_MEMORY;
  const limit = engine.setting("maxmemory");
  return [
    ["used_memory", used],
    ["used_memory_human", human(used)],
    ["used_memory_rss", used + 11_000_000],
    ["used_memory_rss_human", human(used + 11_000_000)],
    ["used_memory_peak", used],
    ["used_memory_peak_human", human(used)],
    ["used_memory_peak_perc", "100.00%"],
    ["used_memory_overhead", overhead],
    ["used_memory_startup", START_MEMORY],
    ["used_memory_dataset", used - overhead],
    ["total_system_memory", TOTAL_MEMORY],
    ["total_system_memory_human", human(TOTAL_MEMORY)],
    ["used_memory_lua", 31_744],
    ["used_memory_lua_human", human(31_744)],
    ["used_memory_scripts", 184],
    ["used_memory_scripts_human", human(184)],
    ["maxmemory", limit],
    ["maxmemory_human", human(limit)],
    ["maxmemory_policy", engine.settings.get("maxmemory-policy") ?? "noeviction"],
    ["mem_clients_slaves", 0],
    ["mem_clients_normal", engine.sessions.size * 1928],
    ["mem_aof_buffer", 0],
    ["mem_allocator", "jemalloc-5.3.0"],
    ["active_defrag_running", 0],
    ["lazyfree_pending_objects", 0],
    ["lazyfreed_objects", 0],
  ];
}

function persistenceLines(engine: RedisEngine): Line[] {
  const { savedAt, saves } = usageOf(engine);
  return [
    ["loading", 0],
    ["async_loading", 0],
    ["rdb_changes_since_last_save", engine.statistics.dirty],
    ["rdb_bgsave_in_progress", 0],
    ["rdb_last_save_time", Math.floor(savedAt / 1000)],
    ["rdb_last_bgsave_status", "ok"],
    ["rdb_last_bgsave_time_sec", saves > 0 ? 0 : -1],
    ["rdb_current_bgsave_time_sec", -1],
    ["rdb_saves", saves],
    ["rdb_last_cow_size", 0],
    ["rdb_last_load_keys_expired", 0],
    ["rdb_last_load_keys_loaded", 0],
    ["aof_enabled", 0],
    ["aof_rewrite_in_progress", 0],
    ["aof_rewrite_scheduled", 0],
    ["aof_last_rewrite_time_sec", -1],
    ["aof_current_rewrite_time_sec", -1],
    ["aof_last_bgrewrite_status", "ok"],
    ["aof_last_write_status", "ok"],
    ["module_fork_in_progress", 0],
  ];
}

function statsLines(engine: RedisEngine): Line[] {
  const { statistics } = engine;
  const { bytesIn, bytesOut, errors } = usageOf(engine);
  const channels = channelsOf(engine);
  return [
    ["total_connections_received", statistics.connections],
    ["total_commands_processed", statistics.commands],
    ["instantaneous_ops_per_sec", 0],
    ["total_net_input_bytes", bytesIn],
    ["total_net_output_bytes", bytesOut],
    ["instantaneous_input_kbps", "0.00"],
    ["instantaneous_output_kbps", "0.00"],
    ["rejected_connections", 0],
    ["sync_full", 0],
    ["sync_partial_ok", 0],
    ["sync_partial_err", 0],
    ["expired_keys", statistics.expired],
    ["evicted_keys", 0],
    ["evicted_clients", 0],
    ["keyspace_hits", statistics.hits],
    ["keyspace_misses", statistics.misses],
    ["pubsub_channels", channels.channels.size],
    ["pubsub_patterns", channels.patterns.size],
    ["pubsubshard_channels", channels.shardChannels.size],
    ["latest_fork_usec", 0],
    ["total_forks", 0],
    ["tracking_total_keys", 0],
    ["total_error_replies", [...errors.values()].reduce((sum, count) => sum + count, 0)],
  ];
}

/** Milliseconds that the keys have left on average. Divergence: of all of them, Redis asks a sample. */
function averageLife(engine: RedisEngine, keys: Keyspace): number {
  if (keys.expires === 0) return 0;
  let sum = 0;
  for (const key of keys.keys()) sum += Math.max(0, (keys.expiry(key) ?? engine.now()) - engine.now());
  return Math.floor(sum / keys.expires);
}

function keyspaceLines(engine: RedisEngine): Line[] {
  const lines: Line[] = [];
  for (let index = 0; index < engine.databaseCount; index++) {
    const keys = engine.database(index);
    const { size, expires } = keys;
    if (size > 0)
      lines.push([`db${index}`, `keys=${size},expires=${expires},avg_ttl=${averageLife(engine, keys)}`]);
  }
  return lines;
}
