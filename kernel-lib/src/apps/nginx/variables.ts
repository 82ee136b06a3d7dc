import { formatIpv4 } from "../../base/addresses.js";
import { field } from "../../wire/http.js";
import type { HttpRequest } from "../http-server.js";
import type { Settings } from "./config.js";

/** nginx's own variables that are known here. */
const BUILT_IN: Readonly<Record<string, (request: HttpRequest, proxyHost: string) => string>> = {
  host: (request) => (field(request.fields, "Host") ?? "").replace(/:\d+$/, "").toLowerCase(),
  http_host: (request) => field(request.fields, "Host") ?? "",
  uri: (request) => request.target.split("?")[0]!,
  request_uri: (request) => request.target,
  request_method: (request) => request.method,
  remote_addr: (request) => formatIpv4(request.peer.address),
  remote_port: (request) => String(request.peer.port),
  server_addr: (request) => formatIpv4(request.local.address),
  server_port: (request) => String(request.local.port),
  scheme: () => "http",
  proxy_host: (_, proxyHost) => proxyHost,
  proxy_add_x_forwarded_for: (request) => {
    const before = field(request.fields, "X-Forwarded-For");
    return `${before === undefined ? "" : `${before}, `}${formatIpv4(request.peer.address)}`;
  },
};

const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

/** The variables that a text names. */
export function variablesOf(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map(([, braced, bare]) => braced ?? bare!);
}

/** Whether nginx knows a variable of that name, or the configuration sets it. */
export function isVariable(name: string, { variables }: Settings): boolean {
  return name in BUILT_IN || variables.some(([known]) => known === name);
}

/** A text with its variables filled in; those of `set` may name earlier ones. */
export function expand(text: string, request: HttpRequest, settings: Settings, proxyHost = ""): string {
  const values = new Map<string, string>();
  const fill = (part: string) =>
    part.replace(VARIABLE, (_, braced?: string, bare?: string) => {
      const name = (braced ?? bare)!;
      return values.get(name) ?? BUILT_IN[name]?.(request, proxyHost) ?? "";
    });
  for (const [name, value] of settings.variables) values.set(name, fill(value));
  return fill(text);
}
