import { formatIpv4, type Ipv4 } from "../../../base/addresses.js";
import { lookupRoute, type RouteAnswer, type RouteQuery } from "../../../stack/config/route.js";
import { netlink, ToolExit } from "../../tool-exit.js";
import { type IpRun, lineBreak } from "../run.js";
import { findDevice, matches, readPrefix, unsupported, Words } from "../words.js";
import { printType } from "./print.js";
import { ROUTE_USAGE } from "./usage.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** `ip route get ADDRESS [from ADDRESS] [iif DEV] [oif DEV]`: asks the kernel which way a packet would go. */
export function getRoute(run: IpRun, list: readonly string[]): number {
  const query = read(run, list);
  const answer = netlink(() => lookupRoute(run.netns, query));
  run.write(printAnswer(answer, query, lineBreak(run.options)));
  return 0;
}

function read(run: IpRun, list: readonly string[]): RouteQuery {
  const words = new Words(list);
  let destination: Ipv4 | null = null;
  const rest: Mutable<Omit<RouteQuery, "destination">> = {};
  while (!words.done) {
    const word = words.next();
    if (word === "from") rest.source = readPrefix(words.next()).address;
    else if (word === "iif") rest.inputDevice = findDevice(run.netns, words.next());
    else if (word === "oif" || word === "dev") rest.outputDevice = findDevice(run.netns, words.next());
    else if (
      [
        "tos",
        "dsfield",
        "mark",
        "vrf",
        "uid",
        "fibmatch",
        "ipproto",
        "sport",
        "dport",
        "connected",
        "notify",
      ].includes(word)
    ) {
      throw unsupported(`"route get" option "${word}"`);
    } else if (matches(word, "help")) throw new ToolExit(255, ROUTE_USAGE);
    else destination = readDestination(word === "to" ? words.next() : word, destination !== null);
  }
  if (destination === null) throw new ToolExit(1, "need at least a destination address\n");
  return { destination, ...rest };
}

/** The address asked for; from the second on the tool knows that it is one of IPv4, and says so. */
function readDestination(word: string, again: boolean): Ipv4 {
  try {
    return readPrefix(word).address;
  } catch (error) {
    if (!again || !(error instanceof ToolExit)) throw error;
    throw new ToolExit(error.status, error.text.replace("any valid prefix", "inet prefix"));
  }
}

/** The line of the route and the one of its cache entry, with its flags and what was learned of the path. */
export function printAnswer(answer: RouteAnswer, query: RouteQuery, nl: string): string {
  const from = query.source === undefined ? "" : `from ${formatIpv4(query.source)} `;
  const via = answer.gateway === 0 ? "" : `via ${formatIpv4(answer.gateway)} `;
  const source = query.source === undefined ? `src ${formatIpv4(answer.source)} ` : "";
  const input = query.inputDevice === undefined ? "" : `iif ${query.inputDevice.name} `;
  const type = query.inputDevice === undefined || answer.type !== "unicast" ? printType(answer.type) : "";
  const learned = answer.mtu === 0 ? "" : `expires ${answer.mtuExpires}sec mtu ${answer.mtu} `;
  return (
    `${type}${formatIpv4(answer.destination)} ${from}${via}dev ${answer.device.name} ${source}` +
    `uid 0 ${nl}    cache ${cacheFlags(answer)}${learned}${input}\n`
  );
}

function cacheFlags({ type }: RouteAnswer): string {
  if (type === "local") return "<local> ";
  if (type === "broadcast") return "<local,brd> ";
  return type === "multicast" ? "<local,mc> " : "";
}
