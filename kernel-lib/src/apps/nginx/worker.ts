import { formatIpv4 } from "../../base/addresses.js";
import type { Process, Steps } from "../../host/process.js";
import type { Endpoint } from "../../socket/tcp/state.js";
import { field } from "../../wire/http.js";
import { type HttpAnswer, type HttpRequest, type HttpResponse, keepsAlive } from "../http-server.js";
import type { Location, ProxyPass, Server, Settings } from "./config.js";
import type { Loaded } from "./load.js";
import { logAccess, logError } from "./log.js";
import { connection, opening } from "./opening.js";
import { filePage, statusPage } from "./pages.js";
import { passOn } from "./proxy.js";
import { expand } from "./variables.js";

/** Number of the first worker in a new container. */
export const FIRST_WORKER = 29;

/** What answers requests, by the configuration that is loaded when they come. */
export class Worker {
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
