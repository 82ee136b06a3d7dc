import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import type { Process, Steps } from "../../host/process.js";
import { DNS_TYPES, type DnsMessage, NOERROR, NXDOMAIN, reverseName } from "../../wire/dns.js";
import { addressesOfName, canonicalName, hostsNameOf } from "../hosts-file.js";
import { askServers, askServersAtOnce } from "./name-query.js";
import { fullNames, readResolvConf } from "./resolv-conf.js";

/**
 * Why a name has no address: nobody knows it (EAI_NONAME), it is known without an IPv4 address (EAI_NODATA), or no server could say
 * (EAI_AGAIN).
 */
export type LookupFailure = "noname" | "nodata" | "again";

export interface Lookup {
  readonly addresses: readonly Ipv4[];
  /** The name that has the addresses, where CNAME records or the search list led to another. */
  readonly canonical: string;
  readonly failure: LookupFailure | null;
}

/** gai_strerror's words. */
export const LOOKUP_FAILURES: Readonly<Record<LookupFailure, string>> = {
  noname: "Name or service not known",
  nodata: "No address associated with hostname",
  again: "Temporary failure in name resolution",
};

/** Most CNAME records that are followed. */
const ALIAS_LIMIT = 16;

/** getaddrinfo for IPv4 (`hosts: files dns`): a dotted quad, /etc/hosts, then the servers of /etc/resolv.conf, asked for A and AAAA. */
export function* lookup(process: Process, name: string): Steps<Lookup> {
  const known = addressesOfName(process, name);
  if (known.length > 0) return found(known, canonicalName(process, name));
  if (name === "localhost") return found([0x7f000001], name);
  if (!/^[\x21-\x7e]{1,253}$/.test(name) || /\.\.|^\.|[^.]{64}/.test(name)) return missing(name, "noname");
  const conf = readResolvConf(process);
  const musl = isMusl(process);
  const ask = musl ? askServersAtOnce : askServers;
  let failure: LookupFailure = "noname";
  let silent = false;
  for (const full of fullNames(name, conf, musl)) {
    // After silence only the name as it is remains (res_search's `done`).
    if (silent && full !== name) continue;
    const [a = null, aaaa = null] = yield* ask(process, conf, full, [DNS_TYPES.A, DNS_TYPES.AAAA]);
    const answer = readAddresses(a, full);
    if (answer.addresses.length > 0) return answer;
    const why = failureOf(a, aaaa);
    if (why === "again" || failure === "noname") failure = why;
    silent ||= a === null;
  }
  return missing(name, failure);
}

/** All addresses of a name; none when there are none, whatever the reason. */
export function* resolve(process: Process, name: string): Steps<readonly Ipv4[]> {
  return (yield* lookup(process, name)).addresses;
}

/** getnameinfo: the name of an address by /etc/hosts or a PTR record; null when there is none. */
export function* reverseLookup(process: Process, address: Ipv4): Steps<string | null> {
  return (yield* askReverse(process, address)).name;
}

/** getnameinfo without NI_NAMEREQD: an address that nobody has a name for as digits; null when no server could say. */
export function* nameOrDigits(process: Process, address: Ipv4): Steps<string | null> {
  const { name, asked } = yield* askReverse(process, address);
  return name ?? (asked ? formatIpv4(address) : null);
}

function* askReverse(
  process: Process,
  address: Ipv4,
): Steps<{ readonly name: string | null; readonly asked: boolean }> {
  const known = hostsNameOf(process, address);
  if (known !== null) return { name: known, asked: true };
  const conf = readResolvConf(process);
  const [message] = yield* askServers(process, conf, reverseName(address), [DNS_TYPES.PTR]);
  const record = message?.answers.find(({ type }) => type === DNS_TYPES.PTR);
  const asked = message?.rcode === NOERROR || message?.rcode === NXDOMAIN;
  return { name: record?.data.kind === "name" ? record.data.name : null, asked };
}

/** Alpine and busybox images have another C library than Debian: musl. */
export function isMusl({ files }: Process): boolean {
  return files.exists("/etc/alpine-release");
}

function found(addresses: readonly Ipv4[], canonical: string): Lookup {
  return { addresses, canonical, failure: null };
}

function missing(name: string, failure: LookupFailure): Lookup {
  return { addresses: [], canonical: name, failure };
}

/** The A records of a name, CNAME records followed within the answer. */
function readAddresses(message: DnsMessage | null, asked: string): Lookup {
  let name = asked;
  const of = (type: number) =>
    (message?.answers ?? []).filter(
      (record) => record.type === type && record.name.toLowerCase() === name.toLowerCase(),
    );
  for (let i = 0; i < ALIAS_LIMIT; i++) {
    const alias = of(DNS_TYPES.CNAME)[0]?.data;
    if (alias?.kind !== "name") break;
    name = alias.name;
  }
  const addresses = of(DNS_TYPES.A).flatMap(({ data }) => (data.kind === "address" ? [data.address] : []));
  return found(addresses, name);
}

function failureOf(a: DnsMessage | null, aaaa: DnsMessage | null): LookupFailure {
  if (a === null) return "again";
  if (a.rcode === NXDOMAIN) return "noname";
  if (a.rcode !== NOERROR) return "again";
  return aaaa === null ? "again" : "nodata";
}
