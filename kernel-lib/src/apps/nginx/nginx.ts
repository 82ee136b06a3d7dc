import { formatIpv4 } from "../../base/addresses.js";
import type { Process, Program, Steps } from "../../host/process.js";
import type { Endpoint } from "../../socket/tcp/state.js";
import { field } from "../../wire/http.js";
import {
  type HttpAnswer,
  type HttpRequest,
  type HttpResponse,
  httpServer,
  keepsAlive,
} from "../http-server.js";
import { type Location, type ProxyPass, readServers, type Server, type Settings } from "./config.js";
import { ConfigError, readDirectives } from "./directives.js";
import { DEFAULT_CONFIG, VERSION } from "./image-files.js";
import { logAccess, logError } from "./log.js";
import { connection, filePage, opening, statusPage } from "./pages.js";
import { findUpstream, passOn, type Upstreams } from "./proxy.js";
import { ResolverCache } from "./resolver.js";
import { expand, isVariable, variablesOf } from "./variables.js";

const CONFIG = "/etc/nginx/nginx.conf";
const PID_FILE = "/run/nginx.pid";
/** Number of the first worker in a new container. */
const FIRST_WORKER = 29;

/** A configuration that has been loaded, with the addresses of the names in it. */
interface Loaded {
  readonly servers: readonly Server[];
  readonly upstreams: Upstreams;
  readonly cache: ResolverCache;
}

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
  const who = `${process.innerPid}#${process.innerPid}:`;
  const first = yield* tryLoad(process, who);
  if (first === null) return 1;
  let loaded: Loaded = first;
  const notice = (text: string) => logError(process, "notice", who, text);
  for (const line of [
    'using the "epoll" event method',
    VERSION,
    "built by gcc 12.2.0 (Debian 12.2.0-14) ",
    "start worker processes",
    `start worker process ${FIRST_WORKER}`,
  ])
    notice(line);
  process.files.write(PID_FILE, `${process.innerPid}\n`);
  const worker = new Worker(process, () => loaded);
  process.onSignal("SIGHUP", () => {
    process.spawn({ argv: ["nginx: worker process"], program: (child) => reload(child) });
  });
  function* reload(child: Process): Steps {
    notice("signal 1 (SIGHUP) received, reconfiguring");
    notice("reconfiguring");
    const next = yield* tryLoad(process, who);
    if (next === null) return 1;
    if (portsOf(next) !== portsOf(loaded)) {
      logError(process, "emerg", who, 'another "listen" after a reload is not supported here');
      return 1;
    }
    loaded = next;
    worker.number = child.innerPid;
    notice("start worker processes");
    notice(`start worker process ${worker.number}`);
    return 0;
  }
  const bindError = (text: string, port: number) =>
    `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: ${text})\n`;
  const server = httpServer({
    port: portsOf(loaded).split(" ").map(Number),
    handler: worker.answer,
    bindError,
  })(process);
  return typeof server === "number" ? server : yield* server;
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

/** Loads the configuration and says on standard error what is wrong with it; null then. */
function* tryLoad(process: Process, who: string): Steps<Loaded | null> {
  try {
    return yield* load(process);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    logError(process, "emerg", who, error.message);
    process.stderr.write(`nginx: [emerg] ${error.message}\n`);
    return null;
  }
}

function* load(process: Process): Steps<Loaded> {
  const servers = readServers(readDirectives(process.files, CONFIG));
  const upstreams = new Map<ProxyPass, readonly number[]>();
  for (const { locations, settings } of servers)
    for (const one of [settings, ...locations.map((location) => location.settings)]) {
      for (const text of [
        one.proxy?.url ?? "",
        ...one.variables.map(([, value]) => value),
        ...one.headers.map(([, value]) => value),
      ]) {
        const unknown = variablesOf(text).find((name) => !isVariable(name, one));
        if (unknown !== undefined) throw new ConfigError(`unknown "${unknown}" variable`);
      }
      if (one.proxy !== null && !one.proxy.url.includes("$") && !upstreams.has(one.proxy))
        upstreams.set(one.proxy, yield* findUpstream(process, one.proxy));
    }
  return { servers, upstreams, cache: new ResolverCache() };
}

function* testConfiguration(process: Process): Steps {
  const who = `${process.innerPid}#${process.innerPid}:`;
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
  const who = `${process.innerPid}#${process.innerPid}:`;
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

/** What answers requests, by the configuration that is loaded when they come. */
class Worker {
  number = FIRST_WORKER;
  private connections = 0;

  constructor(
    private readonly process: Process,
    private readonly loaded: () => Loaded,
  ) {}

  readonly answer = (process: Process, request: HttpRequest | null, peer: Endpoint): HttpAnswer => {
    this.connections++;
    const log = (response: HttpResponse): HttpResponse => {
      const status = Number(response.head.slice(9, 12));
      logAccess(process, request, peer, status, response.body.length);
      return response;
    };
    if (request === null) return log(statusPage(400, process.host.unixTime(), null));
    const path = request.target.split("?")[0] ?? "/";
    if (!path.startsWith("/") || path.split("/").includes(".."))
      return log(statusPage(400, process.host.unixTime(), null));
    const server = this.serverOf(request);
    const settings = locationOf(server, path)?.settings ?? server.settings;
    if (settings.proxy === null) return log(this.local(request, path, server, settings));
    return this.proxied(request, server, settings, settings.proxy, log);
  };

  private serverOf(request: HttpRequest): Server {
    const { port } = request.local;
    const name = (field(request.fields, "Host") ?? "").replace(/:\d+$/, "");
    const here = this.loaded().servers.filter(({ ports }) => ports.includes(port));
    return here.find(({ names }) => names.includes(name)) ?? here[0]!;
  }

  private local(request: HttpRequest, path: string, server: Server, settings: Settings): HttpResponse {
    const now = this.process.host.unixTime();
    if (settings.answer !== null) return this.returned(request, settings, settings.answer);
    if (!["GET", "HEAD"].includes(request.method)) return statusPage(405, now, request);
    const page = filePage(this.process, request, settings, path);
    if (page !== null) return page;
    const full = settings.root.replace(/\/$/, "") + path;
    const missing = path.endsWith("/") && this.process.files.exists(full) ? 403 : 404;
    const said =
      missing === 403
        ? `directory index of "${full}" is forbidden`
        : `open() "${full}" failed (2: No such file or directory)`;
    this.error(request, server, said);
    return this.failure(missing, request, server, settings);
  }

  private returned(
    request: HttpRequest,
    settings: Settings,
    { status, text }: NonNullable<Settings["answer"]>,
  ): HttpResponse {
    const now = this.process.host.unixTime();
    const filled = expand(text, request, settings);
    if (status >= 300 && status < 309) return statusPage(status, now, request, `Location: ${filled}\r\n`);
    if (filled === "" && status !== 204) return statusPage(status, now, request);
    const body = new TextEncoder().encode(filled);
    const head = `${opening(status, now, "application/octet-stream", body.length)}Connection: ${connection(request)}\r\n\r\n`;
    return { head, body: request.method === "HEAD" ? new Uint8Array(0) : body, close: !keepsAlive(request) };
  }

  private *proxied(
    request: HttpRequest,
    server: Server,
    settings: Settings,
    proxy: ProxyPass,
    log: (response: HttpResponse) => HttpResponse,
  ): Steps<HttpResponse> {
    const { upstreams, cache } = this.loaded();
    const outcome = yield* passOn(this.process, request, settings, proxy, upstreams, cache);
    if ("head" in outcome) return log(outcome);
    for (const reason of outcome.reasons) {
      const [said = "", told] = reason.split("|");
      this.error(request, server, said, told);
    }
    return log(this.failure(outcome.status, request, server, settings));
  }

  /** The page of a status: the one that `error_page` names, or nginx's own. */
  private failure(status: number, request: HttpRequest, server: Server, settings: Settings): HttpResponse {
    const named = settings.errorPages.get(status);
    const page =
      named === undefined
        ? null
        : filePage(
            this.process,
            request,
            locationOf(server, named)?.settings ?? server.settings,
            named,
            status,
          );
    return page ?? statusPage(status, this.process.host.unixTime(), request);
  }

  private error(request: HttpRequest, server: Server, said: string, upstream?: string): void {
    const host = field(request.fields, "Host");
    const parts = [
      said,
      `client: ${formatIpv4(request.peer.address)}`,
      `server: ${server.names[0] ?? ""}`,
      `request: "${request.method} ${request.target} ${request.version}"`,
      ...(upstream === undefined ? [] : [upstream]),
      ...(host === undefined ? [] : [`host: "${host}"`]),
    ];
    logError(this.process, "error", `${this.number}#${this.number}: *${this.connections}`, parts.join(", "));
  }
}

/** The exact location, else the longest prefix. */
function locationOf({ locations }: Server, path: string): Location | null {
  const exact = locations.find((location) => location.exact && location.path === path);
  if (exact !== undefined) return exact;
  const fitting = locations.filter((location) => !location.exact && path.startsWith(location.path));
  return fitting.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}
