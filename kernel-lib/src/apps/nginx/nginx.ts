import type { Process, Program, Steps } from "../../host/process.js";
import { httpServer } from "../http-server.js";
import { DEFAULT_CONFIG, VERSION } from "./image-files.js";
import { CONFIG, type Loaded, tryLoad } from "./load.js";
import { logError } from "./log.js";
import { FIRST_WORKER, Worker } from "./worker.js";

const PID_FILE = "/run/nginx.pid";
/**
 * nginx 1.25.3 as its official image runs it: files and `proxy_pass` from /etc/nginx. A literal upstream name is resolved when the
 * configuration is loaded, one with a variable at each request by `resolver`. `nginx -t`, `nginx -s reload|quit|stop`, `nginx -v`. Divergence: one
 * process serves (workers are numbers in the log); a reload cannot change the ports; an upstream that fails is tried again at once.
 */
export const nginx: Program = function* (process) {
  const words = process.argv.slice(1);
  const [first, second] = words;
  if (first === "-t" && words.length === 1) return yield* testConfiguration(process);
  if (first === "-v" && words.length === 1) {
    process.stderr.write(`nginx version: ${VERSION}\n`);
    return 0;
  }
  if (first === "-s" && words.length === 2) return yield* sendSignal(process, second!);
  const other =
    words.length === 0 ? undefined : words[0] === "-g" && words.length === 2 ? undefined : words[0];
  if (other !== undefined) {
    const known = /^-[tTvVqcgpes?h]$/.test(other);
    process.stderr.write(
      known ? `nginx: option "${other}" is not supported here\n` : `nginx: invalid option: "${other}"\n`,
    );
    return 1;
  }
  return yield* run(process);
};

function* run(process: Process): Steps {
  if (process.innerPid === 1) sayEntrypoint(process);
  const first = yield* tryLoad(process, whoOf(process));
  if (first === null) return 1;
  const master = new Master(process, first);
  master.begin();
  const bindError = (text: string, port: number) =>
    `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: ${text})\n`;
  const port = portsOf(first).split(" ").map(Number);
  const server = httpServer({ port, handler: master.worker.answer, simpleRequests: true, bindError })(
    process,
  );
  return typeof server === "number" ? server : yield* server;
}

/** `pid#tid:` of a line in the error log. */
function whoOf({ innerPid }: Process): string {
  return `${innerPid}#${innerPid}:`;
}

/** The master process: it loads the configuration, again at SIGHUP, and has a worker serve by it. */
class Master {
  readonly worker: Worker;

  constructor(
    private readonly process: Process,
    private loaded: Loaded,
  ) {
    this.worker = new Worker(process, () => this.loaded);
  }

  begin(): void {
    const { process } = this;
    this.notice('using the "epoll" event method');
    this.notice(VERSION);
    this.notice("built by gcc 12.2.0 (Debian 12.2.0-14) ");
    this.startWorker(FIRST_WORKER);
    process.files.write(PID_FILE, `${process.innerPid}\n`);
    const program: Program = (child) => this.reload(child);
    process.onSignal("SIGHUP", () => {
      process.spawn({ argv: ["nginx: worker process"], program });
    });
  }

  /** The new worker's process loads, as names take time to be found. */
  private *reload(child: Process): Steps {
    this.notice("signal 1 (SIGHUP) received, reconfiguring");
    this.notice("reconfiguring");
    const next = yield* tryLoad(this.process, whoOf(this.process));
    if (next === null) return 1;
    if (portsOf(next) !== portsOf(this.loaded)) {
      const text = 'another "listen" after a reload is not supported here';
      logError(this.process, "emerg", whoOf(this.process), text);
      return 1;
    }
    this.loaded = next;
    this.startWorker(child.innerPid);
    return 0;
  }

  private startWorker(number: number): void {
    this.worker.number = number;
    this.notice("start worker processes");
    this.notice(`start worker process ${number}`);
  }

  private notice(text: string): void {
    logError(this.process, "notice", whoOf(this.process), text);
  }
}

function portsOf({ servers }: Loaded): string {
  return [...new Set(servers.flatMap(({ ports }) => ports))].sort((a, b) => a - b).join(" ");
}

function sayEntrypoint(process: Process): void {
  const config = "/etc/nginx/conf.d/default.conf";
  const packaged = process.files.exists(config) && process.files.readText(config) === DEFAULT_CONFIG;
  const listen = "10-listen-on-ipv6-by-default.sh: info:";
  for (const line of [
    "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
    "/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh",
    `${listen} Getting the checksum of ${config}`,
    packaged
      ? `${listen} Enabled listen on IPv6 in ${config}`
      : `${listen} ${config} differs from the packaged version`,
    "/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh",
    "/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh",
    "/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh",
    "/docker-entrypoint.sh: Configuration complete; ready for start up",
  ])
    process.stdout.write(`${line}\n`);
}

function* testConfiguration(process: Process): Steps {
  const who = whoOf(process);
  if ((yield* tryLoad(process, who)) === null) {
    process.stderr.write(`nginx: configuration file ${CONFIG} test failed\n`);
    return 1;
  }
  process.stderr.write(
    `nginx: the configuration file ${CONFIG} syntax is ok\nnginx: configuration file ${CONFIG} test is successful\n`,
  );
  return 0;
}

const SIGNALS = { reload: "SIGHUP", quit: "SIGQUIT", stop: "SIGTERM" } as const;

function* sendSignal(process: Process, name: string): Steps {
  const signal = SIGNALS[name as keyof typeof SIGNALS];
  if (signal === undefined) {
    process.stderr.write(`nginx: invalid option: "-s ${name}"\n`);
    return 1;
  }
  const who = whoOf(process);
  if ((yield* tryLoad(process, who)) === null) return 1;
  logError(process, "notice", who, "signal process started");
  const pid = process.files.exists(PID_FILE) ? Number(process.files.readText(PID_FILE)) : 0;
  const { pids } = process as Process & { pids: { find(pid: number): Process | null } };
  const master = pids.find(pid);
  if (master === null) {
    const text =
      pid === 0
        ? `open() "${PID_FILE}" failed (2: No such file or directory)`
        : `kill(${pid}, ${signal === "SIGHUP" ? 1 : 15}) failed (3: No such process)`;
    process.stderr.write(`nginx: [error] ${text}\n`);
    return 1;
  }
  master.kill(signal);
  return 0;
}
