import type { Process, Steps } from "../../host/process.js";
import { type ProxyPass, readServers, type Server } from "./config.js";
import { ConfigError, readDirectives } from "./directives.js";
import { logError } from "./log.js";
import { findUpstream, type Upstreams } from "./proxy.js";
import { ResolverCache } from "./resolver.js";
import { isVariable, variablesOf } from "./variables.js";

export const CONFIG = "/etc/nginx/nginx.conf";

/** A configuration that has been loaded, with the addresses of the names in it. */
export interface Loaded {
  readonly servers: readonly Server[];
  readonly upstreams: Upstreams;
  readonly cache: ResolverCache;
}

/** Loads the configuration and says on standard error what is wrong with it; null then. */
export function* tryLoad(process: Process, who: string): Steps<Loaded | null> {
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
