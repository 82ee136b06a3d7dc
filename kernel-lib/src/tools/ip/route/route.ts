import {
  addRoute,
  appendRoute,
  changeRoute,
  deleteRoute,
  replaceRoute,
} from "../../../stack/config/route.js";
import { netlink, ToolExit } from "../../tool-exit.js";
import { summary } from "../address/flush.js";
import { routeJson, writeJson } from "../json.js";
import type { IpRun } from "../run.js";
import { matches, unsupported } from "../words.js";
import { getRoute } from "./get.js";
import { readRouteSpec } from "./parse.js";
import { printRoute } from "./print.js";
import { readRouteSelection, selectRoutes } from "./select.js";
import { ROUTE_USAGE } from "./usage.js";

/** `ip route`: show, get, add, append, change, replace, del, flush. */
export function ipRoute(run: IpRun, words: readonly string[]): number {
  if (run.options.family === "inet6") return ipv6Routes(words);
  const [verb = "show", ...rest] = words;
  if (matches(verb, "list") || matches(verb, "show") || matches(verb, "lst")) return show(run, rest);
  if (matches(verb, "get")) return getRoute(run, rest);
  if (matches(verb, "add")) return modify(run, rest, addRoute);
  if (matches(verb, "change") || verb === "chg") return modify(run, rest, changeRoute);
  if (matches(verb, "replace")) return modify(run, rest, replaceRoute);
  if (matches(verb, "prepend")) throw unsupported('command "route prepend"');
  if (matches(verb, "append")) return modify(run, rest, appendRoute);
  if (matches(verb, "test")) throw unsupported('command "route test"');
  if (matches(verb, "delete")) return modify(run, rest, deleteRoute);
  if (matches(verb, "flush")) return flush(run, rest);
  if (matches(verb, "save") || matches(verb, "restore") || matches(verb, "showdump"))
    throw unsupported(`command "route ${verb}"`);
  if (matches(verb, "help")) throw new ToolExit(255, ROUTE_USAGE);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "ip route help".\n`);
}

/** No IPv6 packet is routed here. */
function ipv6Routes(words: readonly string[]): never {
  throw unsupported(`IPv6 routing ("ip -6 route ${words.join(" ")}")`);
}

function show(run: IpRun, words: readonly string[]): number {
  const selection = readRouteSelection(run, words);
  if (run.options.json) {
    writeJson(
      run,
      selectRoutes(run, selection).map((route) => routeJson(route, selection.print)),
    );
    return 0;
  }
  for (const route of selectRoutes(run, selection)) {
    run.write(`${printRoute(route, { ...selection.print, details: run.options.details })}\n`);
  }
  return 0;
}

function modify(
  run: IpRun,
  words: readonly string[],
  apply: (...request: Parameters<typeof addRoute>) => unknown,
): number {
  const spec = readRouteSpec(run, words);
  netlink(() => apply(run.netns, spec));
  return 0;
}

function flush(run: IpRun, words: readonly string[]): number {
  if (words.length === 0) throw new ToolExit(1, '"ip route flush" requires arguments.\n');
  if (words[0] === "cache") {
    run.netns.pathMtus.clear();
    run.netns.fib.changed();
    return 0;
  }
  const routes = selectRoutes(run, readRouteSelection(run, words));
  for (const route of routes) {
    const { device, gateway, ...rest } = route;
    const next = { ...(device === null ? {} : { device }), ...(gateway === 0 ? {} : { gateway }) };
    netlink(() => deleteRoute(run.netns, { ...rest, ...next }));
  }
  if (run.options.statistics > 0) run.write(summary(routes.length, "entries"));
  return 0;
}
