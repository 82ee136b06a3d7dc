/** How a setting's value is read: a whole number, bytes (`100mb`), yes or no, one of some words, or any text. */
export type SettingKind = "number" | "memory" | "yesno" | "text" | readonly string[];

export interface SettingSpec {
  readonly name: string;
  readonly kind: SettingKind;
  readonly initial: string;
  /** Only the command line and the file set it. */
  readonly immutable: boolean;
  /** The lab's server goes by it, or it makes no difference that could be seen. Others keep their value. */
  readonly works: boolean;
  /** Smallest and largest number. */
  readonly range: readonly [number, number] | null;
}

const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * Settings of Redis 7.0, one a row: name, kind (n number, m memory, b yes or no, t text, or words with `|`), marks (`!` immutable, `+` works here), range, and
 * the initial value as the rest. Source: CONFIG GET * of Redis 7.0.15, config.c.
 */
const ROWS = `
activedefrag b + - no
activerehashing b + - yes
aclfile t ! -
acllog-max-len n + 0,${LARGEST} 128
always-show-logo b ! - no
appenddirname t ! - appendonlydir
appendfilename t ! - appendonly.aof
appendfsync everysec|always|no - - everysec
appendonly b - - no
aof-load-truncated b + - yes
aof-use-rdb-preamble b + - yes
auto-aof-rewrite-min-size m + - 67108864
auto-aof-rewrite-percentage n + 0,2147483647 100
bind t + - * -::*
busy-reply-threshold n + 0,${LARGEST} 5000
client-output-buffer-limit t - - normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60
client-query-buffer-limit m + - 1073741824
cluster-enabled b ! - no
cluster-node-timeout n - 0,${LARGEST} 15000
cluster-require-full-coverage b - - yes
crash-log-enabled b + - yes
crash-memcheck-enabled b + - yes
daemonize b ! - no
databases n ! 1,2147483647 16
dbfilename t + - dump.rdb
dir t + - /
disable-thp b ! - yes
dynamic-hz b + - yes
enable-debug-command no|yes|local ! - no
enable-module-command no|yes|local ! - no
enable-protected-configs no|yes|local ! - no
hash-max-listpack-entries n + 0,${LARGEST} 512
hash-max-listpack-value n + 0,${LARGEST} 64
hll-sparse-max-bytes n + 0,${LARGEST} 3000
hz n + 0,2147483647 10
io-threads n ! 1,128 1
io-threads-do-reads b ! - no
latency-monitor-threshold n + 0,${LARGEST} 0
latency-tracking b - - yes
latency-tracking-info-percentiles t - - 50 99 99.9
lazyfree-lazy-eviction b + - no
lazyfree-lazy-expire b + - no
lazyfree-lazy-server-del b + - no
lazyfree-lazy-user-del b + - no
lazyfree-lazy-user-flush b + - no
lfu-decay-time n + 0,2147483647 1
lfu-log-factor n + 0,2147483647 10
list-compress-depth n + 0,2147483647 0
list-max-listpack-size n + -2147483648,2147483647 -2
logfile t ! -
loglevel debug|verbose|notice|warning + - notice
lua-time-limit n + 0,${LARGEST} 5000
masterauth t - -
masteruser t - -
maxclients n + 1,2147483647 10000
maxmemory m - - 0
maxmemory-clients m - - 0
maxmemory-eviction-tenacity n + 0,100 10
maxmemory-policy volatile-lru|volatile-lfu|volatile-random|volatile-ttl|allkeys-lru|allkeys-lfu|allkeys-random|noeviction - - noeviction
maxmemory-samples n + 1,2147483647 5
min-replicas-max-lag n + 0,2147483647 10
min-replicas-to-write n - 0,2147483647 0
no-appendfsync-on-rewrite b + - no
notify-keyspace-events t + -
oom-score-adj no|yes|relative|absolute - - no
pidfile t ! -
port n - 0,65535 6379
proc-title-template t + - {title} {listen-addr} {server-mode}
propagation-error-behavior t + - ignore
protected-mode b + - yes
proto-max-bulk-len m + - 536870912
rdb-save-incremental-fsync b + - yes
rdbchecksum b ! - yes
rdbcompression b + - yes
repl-backlog-size m + - 1048576
repl-backlog-ttl n + 0,${LARGEST} 3600
repl-diskless-sync b + - yes
repl-diskless-sync-delay n + 0,2147483647 5
repl-timeout n + 1,2147483647 60
replica-priority n + 0,2147483647 100
replica-read-only b + - yes
replica-serve-stale-data b + - yes
replicaof t ! -
requirepass t + -
sanitize-dump-payload no|yes|clients + - no
save t + - 3600 1 300 100 60 10000
set-max-intset-entries n + 0,${LARGEST} 512
set-proc-title b ! - yes
shutdown-on-sigint t + - default
shutdown-on-sigterm t + - default
shutdown-timeout n + 0,2147483647 10
slowlog-log-slower-than n + -1,${LARGEST} 10000
slowlog-max-len n + 0,${LARGEST} 128
stop-writes-on-bgsave-error b + - yes
stream-node-max-bytes m + - 4096
stream-node-max-entries n + 0,${LARGEST} 100
supervised no|systemd|upstart|auto ! - no
syslog-enabled b ! - no
tcp-backlog n ! 0,2147483647 511
tcp-keepalive n + 0,2147483647 300
timeout n - 0,2147483647 0
tls-port n - 0,65535 0
tracking-table-max-keys n + 0,${LARGEST} 1000000
unixsocket t ! -
unixsocketperm n ! - 0
zset-max-listpack-entries n + 0,${LARGEST} 128
zset-max-listpack-value n + 0,${LARGEST} 64
`;

const KINDS: Readonly<Record<string, SettingKind>> = { n: "number", m: "memory", b: "yesno", t: "text" };

export const SETTINGS: ReadonlyMap<string, SettingSpec> = new Map(
  ROWS.trim()
    .split("\n")
    .map((row) => readRow(row))
    .map((spec) => [spec.name, spec]),
);

function readRow(row: string): SettingSpec {
  const [name = "", kind = "t", marks = "", range = "-", ...initial] = row.split(" ");
  const [low, high] = range.split(",").map(Number);
  return {
    name,
    kind: KINDS[kind] ?? kind.split("|"),
    initial: initial.join(" "),
    immutable: marks.includes("!"),
    works: marks.includes("+"),
    range: range === "-" ? null : [low!, high!],
  };
}

/** Older names that still hold. */
export const SETTING_ALIASES: ReadonlyMap<string, string> = new Map([
  ["hash-max-ziplist-entries", "hash-max-listpack-entries"],
  ["hash-max-ziplist-value", "hash-max-listpack-value"],
  ["zset-max-ziplist-entries", "zset-max-listpack-entries"],
  ["zset-max-ziplist-value", "zset-max-listpack-value"],
  ["list-max-ziplist-size", "list-max-listpack-size"],
  ["slave-priority", "replica-priority"],
  ["slave-read-only", "replica-read-only"],
  ["slave-serve-stale-data", "replica-serve-stale-data"],
  ["slaveof", "replicaof"],
]);
