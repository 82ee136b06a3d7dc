import { formatIpv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { hostsEntries } from "../hosts-file.js";
import { isMusl, lookup, reverseLookup } from "../net/resolve.js";
import { steppedTool, ToolExit } from "../tool-exit.js";

const DATABASES = new Set(
  "ahosts ahostsv4 ahostsv6 aliases ethers group gshadow hosts initgroups netgroup networks passwd protocols rpc services shadow".split(
    " ",
  ),
);
const SUPPORTED = new Set(["hosts", "ahosts", "ahostsv4"]);
/** Status when a key is not found, and when the database cannot be listed. */
const NOT_FOUND = 2;

/** `getent hosts|ahosts|ahostsv4 [NAME…]` of glibc: names as programs see them, by /etc/hosts and then by DNS. In Alpine's form there. */
export const getent: Program = steppedTool(function* (process): Steps<number> {
  const [database, ...keys] = process.argv.slice(1);
  if (database === undefined) throw new ToolExit(1, "getent: wrong number of arguments\n");
  if (database.startsWith("-")) throw new ToolExit(1, `getent: option ${database} is not supported here\n`);
  if (!DATABASES.has(database))
    throw new ToolExit(
      1,
      `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
    );
  if (!SUPPORTED.has(database) || (database !== "hosts" && isMusl(process)))
    throw new ToolExit(1, `getent: database ${database} is not supported here\n`);
  if (keys.length === 0) return listHosts(process, database);
  let status = 0;
  for (const key of keys) {
    const lines = yield* database === "hosts" ? hostLines(process, key) : streamLines(process, key);
    if (lines.length === 0) status = NOT_FOUND;
    process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  }
  return status;
});

/** musl's columns: the name stands among its own aliases. */
function muslLine(address: number, canonical: string, key: string): string {
  return `${formatIpv4(address).padEnd(16)}  ${canonical}  ${canonical}${key === canonical ? "" : ` ${key}`}`;
}

function line(address: number, rest: string): string {
  return `${formatIpv4(address).padEnd(15)} ${rest}`;
}

function listHosts(process: Process, database: string): number {
  for (const { address, names } of hostsEntries(process))
    process.stdout.write(`${line(address, database === "hosts" ? names.join(" ") : `STREAM ${names[0]}`)}\n`);
  return 0;
}

/** `ADDRESS NAME ALIAS…`. */
function* hostLines(process: Process, key: string): Steps<readonly string[]> {
  const literal = tryParseIpv4(key);
  if (literal !== null) {
    const name = yield* reverseLookup(process, literal);
    const entry = hostsEntries(process).find(({ address }) => address === literal);
    return name === null ? [] : [line(literal, entry?.names.join(" ") ?? name)];
  }
  if (isMusl(process)) {
    const { addresses, canonical } = yield* lookup(process, key);
    return addresses.map((address) => muslLine(address, canonical, key));
  }
  const entries = hostsEntries(process).filter(({ names }) => names.includes(key));
  if (entries.length > 0) return entries.map(({ address, names }) => line(address, names.join(" ")));
  const { addresses, canonical } = yield* lookup(process, key);
  const names = canonical === key ? key : `${canonical} ${key}`;
  return addresses.map((address) => line(address, names));
}

/** Three lines for each address, one for each kind of socket; the first of all has the name. */
function* streamLines(process: Process, key: string): Steps<readonly string[]> {
  const { addresses, canonical } = yield* lookup(process, key);
  return addresses.flatMap((address, i) => [
    line(address, `STREAM ${i === 0 ? canonical : ""}`),
    line(address, "DGRAM  "),
    line(address, "RAW    "),
  ]);
}
