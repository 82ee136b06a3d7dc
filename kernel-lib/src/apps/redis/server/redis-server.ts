import { KernelError } from "../../../base/errno.js";
import { ms, type Nanoseconds } from "../../../base/units.js";
import type { Process, Program, Steps } from "../../../host/process.js";
import { until } from "../../../host/waits.js";
import type { TcpSocket } from "../../../socket/tcp/tcp-socket.js";
import { openSocket } from "../../../tools/net/stream.js";
import { LAB_EPOCH_SECONDS } from "../../../trace/world.js";
import { type GatewayConnector, gatewayOf } from "../../gateway/connector.js";
import { Gateway } from "../../gateway/gateway.js";
import { REDIS_VERSION, RedisEngine } from "../engine.js";
import { RedisError } from "../reply.js";
import { setServerHost } from "../server-host.js";
import { Clients, listenOn } from "./clients.js";
import { Disk } from "./disk.js";
import { ServerLog } from "./log.js";
import { FatalConfig, readServerOptions, type ServerOptions } from "./options.js";
import { nextSave, reachedPoint, savePoints } from "./save-points.js";

const VERSION_LINE = `Redis server v=${REDIS_VERSION} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0\n`;
const USAGE = `Usage: ./redis-server [/path/to/redis.conf] [options] [-]
       ./redis-server - (read config from stdin)
       ./redis-server -v or --version
       ./redis-server -h or --help
       ./redis-server --test-memory <megabytes>
       ./redis-server --check-system

Examples:
       ./redis-server (run the server with default conf)
       echo 'maxmemory 128mb' | ./redis-server -
       ./redis-server /etc/redis/6379.conf
       ./redis-server --port 7777
       ./redis-server --port 7777 --replicaof 127.0.0.1 8888
       ./redis-server /etc/myredis.conf --loglevel verbose -
       ./redis-server /etc/myredis.conf --loglevel verbose

Sentinel mode:
       ./redis-server /etc/sentinel.conf --sentinel
`;
const OVERCOMMIT =
  "WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition. Being disabled, it can can also cause failures without low memory condition, see https://github.com/jemalloc/jemalloc/issues/1328. To fix this issue add 'vm.overcommit_memory = 1' to /etc/sysctl.conf and then reboot or run the command 'sysctl vm.overcommit_memory=1' for this to take effect.";
/** Between two turns of serverCron: a signal is looked at then (`hz` 10). */
const CRON = ms(100);

/**
 * `redis-server [FILE] [--OPTION VALUE …]` 7.0.15: the engine on a port of the lab. It reads dump.rdb at its start, writes it by the save points and at SIGTERM, and logs to
 * standard output. Divergence: a background save is done at once; no append-only file, replication, cluster, modules and TLS.
 */
export const redisServer: Program = function* (process) {
  const words = process.argv.slice(1);
  if (words.length === 1 && (words[0] === "-v" || words[0] === "--version")) {
    process.stdout.write(VERSION_LINE);
    return 0;
  }
  if (words.length === 1 && (words[0] === "-h" || words[0] === "--help")) {
    process.stderr.write(USAGE);
    return 1;
  }
  let options: ServerOptions;
  try {
    options = readServerOptions(process.files, words);
  } catch (error) {
    if (!(error instanceof FatalConfig)) throw error;
    process.stderr.write(error.message);
    return 1;
  }
  return yield* new Server(process, options).run();
};

class Server {
  private readonly engine: RedisEngine;
  private readonly log: ServerLog;
  private readonly disk: Disk;
  private signal: "SIGTERM" | "SIGINT" | null = null;
  private signalledAt: Nanoseconds = 0;
  /** The server has ended by SHUTDOWN or a signal. */
  private ended = false;

  constructor(
    private readonly process: Process,
    private readonly options: ServerOptions,
  ) {
    const { host } = process;
    this.engine = new RedisEngine({
      now: () => host.unixTime() * 1000,
      random: host.world.random.fork(`redis-server/${host.name}/${process.pid}`),
      settings: { dir: process.cwd, "protected-mode": "no", ...options.settings },
    });
    this.log = new ServerLog(process, () => this.engine.settings.get("loglevel") ?? "notice");
    this.disk = new Disk(process, this.engine, this.log);
    setServerHost(this.engine, {
      save: (_, background) => (background ? this.disk.writeInBackground() : this.disk.write()),
      shutdown: (_, save) => this.shutDown(save),
    });
  }

  *run(): Steps {
    this.announce();
    const port = this.engine.setting("port");
    const socket = openSocket(this.process, 6);
    try {
      listenOn(socket, port, this.engine.setting("tcp-backlog"));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.log.warning(
        `Warning: Could not create server TCP listening socket *:${port}: bind: ${error.message}`,
      );
      this.log.warning(`Failed listening on port ${port} (TCP), aborting.`);
      return 1;
    }
    const gateway = gatewayOf(this.process.host.world, "redis-server");
    if (gateway !== null) return yield* this.leadTo(gateway, socket);
    this.log.role = "M";
    const clients = new Clients(this.engine, socket);
    try {
      this.log.warning("Server initialized");
      this.warn();
      if (!this.disk.load()) return 1;
      this.log.notice("Ready to accept connections");
      this.listenToSignals();
      // Redis names itself so in listings of processes (proc-title-template).
      Object.assign(this.process, { argv: ["redis-server", `*:${port}`] });
      yield* this.serve(clients);
      return 0;
    } finally {
      clients.close();
    }
  }

  /** A real server's stand-in: it has the real one's keys, password and settings. */
  private *leadTo(connector: GatewayConnector, socket: TcpSocket): Steps {
    this.log.warning(`Gateway: this port leads to the real server at ${connector.target}`);
    const gateway = new Gateway(this.process, socket, connector);
    for (const name of ["SIGTERM", "SIGINT"] as const) this.process.onSignal(name, () => gateway.close());
    try {
      yield* gateway.run();
      return 0;
    } finally {
      gateway.close();
    }
  }

  private announce(): void {
    const { log, process, options } = this;
    log.warning("oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo");
    log.warning(
      `Redis version=${REDIS_VERSION}, bits=64, commit=00000000, modified=0, pid=${process.innerPid}, just started`,
    );
    log.warning(
      options.configured
        ? "Configuration loaded"
        : "Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf",
    );
    log.role = "M";
    log.notice("monotonic clock: POSIX clock_gettime");
    log.notice(`Running mode=standalone, port=${this.engine.settings.get("port")}.`);
  }

  /** What the machine's settings mean for a Redis (syscheck.c). */
  private warn(): void {
    const { files } = this.process;
    const path = "/proc/sys/vm/overcommit_memory";
    if (!files.exists(path) || files.readText(path).trim() === "0") this.log.warning(OVERCOMMIT);
  }

  private listenToSignals(): void {
    for (const name of ["SIGTERM", "SIGINT"] as const)
      this.process.onSignal(name, () => {
        if (this.signal !== null) return;
        this.signal = name;
        this.signalledAt = this.process.host.world.scheduler.now;
        this.log.signal(`Received ${name} scheduling shutdown...`);
      });
    this.process.onSignal("SIGHUP", () => {});
  }

  private *serve(clients: Clients): Steps<void> {
    const { scheduler } = this.process.host.world;
    for (;;) {
      clients.serve();
      if (this.ended) return;
      if (this.signal !== null && scheduler.now >= this.signalledAt + CRON) {
        if (this.shutDown(null)) return;
        this.signal = null;
      }
      if ((this.engine.nextDeadline() ?? Infinity) <= this.engine.now()) {
        this.engine.tick();
        clients.serve();
      }
      this.saveIfDue();
      yield* until(clients.queues, this.deadline());
    }
  }

  private saveIfDue(): void {
    const point = reachedPoint(this.engine);
    if (point === null) return;
    this.log.notice(`${point.changes} changes in ${point.seconds} seconds. Saving...`);
    try {
      this.disk.writeInBackground();
    } catch (error) {
      if (!(error instanceof RedisError)) throw error;
    }
  }

  /** Absolute virtual time at which something is due. */
  private deadline(): Nanoseconds | null {
    const times = [this.engine.nextDeadline(), nextSave(this.engine)].flatMap((at) =>
      at === null ? [] : [Math.ceil((at - LAB_EPOCH_SECONDS * 1000) * 1e6)],
    );
    if (this.signal !== null) times.push(this.signalledAt + CRON);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Writes the keys if there are save points (or it is wished); false when that fails. */
  private shutDown(save: boolean | null): boolean {
    this.log.warning("User requested shutdown...");
    if (save ?? savePoints(this.engine).length > 0) {
      this.log.notice("Saving the final RDB snapshot before exiting.");
      try {
        this.disk.write();
      } catch (error) {
        if (!(error instanceof RedisError)) throw error;
        this.log.warning("Error trying to save the DB, can't exit.");
        this.log.warning("Errors trying to shut down the server. Check the logs for more information.");
        return false;
      }
    }
    this.log.warning("Redis is now ready to exit, bye bye...");
    this.ended = true;
    return true;
  }
}
