import { type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Process } from "../../host/process.js";

/** What /etc/resolv.conf says (resolv.conf(5)), with the defaults for what it does not. */
export interface ResolvConf {
  readonly servers: readonly Ipv4[];
  readonly search: readonly string[];
  /** A name with fewer dots is tried with the search list first. */
  readonly ndots: number;
  /** Seconds for one server. */
  readonly timeout: number;
  readonly attempts: number;
}

/** Servers that are looked at (MAXNS). */
const MAX_SERVERS = 3;
const LOOPBACK: Ipv4 = 0x7f000001;

/** Reads a process's /etc/resolv.conf. Without a server line the local machine is asked. */
export function readResolvConf({ files }: Process): ResolvConf {
  const text = files.exists("/etc/resolv.conf") ? files.readText("/etc/resolv.conf") : "";
  const servers: Ipv4[] = [];
  let search: readonly string[] = [];
  const options = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [keyword = "", ...words] = line
      .replace(/[#;].*/, "")
      .trim()
      .split(/\s+/);
    const server = keyword === "nameserver" ? tryParseIpv4(words[0] ?? "") : null;
    if (server !== null && servers.length < MAX_SERVERS) servers.push(server);
    if (keyword === "search" || keyword === "domain") search = words.filter((word) => word !== ".");
    for (const word of keyword === "options" ? words : []) {
      const [name = "", value] = word.split(":");
      if (value !== undefined && /^\d+$/.test(value)) options.set(name, Number(value));
    }
  }
  const option = (name: string, otherwise: number, limit: number) =>
    Math.min(options.get(name) ?? otherwise, limit);
  return {
    servers: servers.length > 0 ? servers : [LOOPBACK],
    search,
    ndots: option("ndots", 1, 15),
    timeout: Math.max(1, option("timeout", 5, 30)),
    attempts: Math.max(1, option("attempts", 2, 5)),
  };
}

/** The full names that stand for a name, in the order in which they are tried; a last dot means as it is. */
export function fullNames(name: string, { search, ndots }: ResolvConf, musl: boolean): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const dots = name.split(".").length - 1;
  const searched = search.map((domain) => `${name}.${domain.replace(/\.$/, "")}`);
  // musl looks at the search list only for names with few dots.
  if (dots >= ndots) return musl ? [name] : [name, ...searched];
  return [...searched, name];
}
