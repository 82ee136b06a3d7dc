import { type Ipv4, parseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { exchangeUdp } from "../../tools/net/dns-exchange.js";
import { buildDns, DNS_CLASS_IN, DNS_PORT, DNS_TYPES, DnsFormatError, dnsQuery } from "../../wire/dns.js";
import type { Settings } from "./config.js";

/** resolver_timeout. */
const RESOLVER_PATIENCE = seconds(30);

/** What a name server said, and until when it holds. */
export class ResolverCache {
  readonly known = new Map<string, { readonly addresses: readonly Ipv4[]; readonly until: Nanoseconds }>();
}

/** Asks the configured name server, unless its last answer still holds. Gives the reason when there is no address. */
export function* askResolver(
  process: Process,
  name: string,
  { resolver }: Settings,
  cache: ResolverCache,
): Steps<readonly Ipv4[] | string> {
  if (/^[\d.]+$/.test(name)) return [parseIpv4(name)];
  if (resolver === null) return `no resolver defined to resolve ${name}`;
  const { scheduler, random } = process.host.world;
  const kept = cache.known.get(name);
  if (kept !== undefined && kept.until > scheduler.now) return kept.addresses;
  const id = random.fork(`nginx/${process.host.name}/${process.pid}/${scheduler.now}`).uint32() & 0xffff;
  const query = buildDns(dnsQuery(id, { name, type: DNS_TYPES.A, class: DNS_CLASS_IN }));
  const [address = "", port = String(DNS_PORT)] = resolver.address.split(":");
  const deadline = scheduler.now + RESOLVER_PATIENCE;
  try {
    const { message } = yield* exchangeUdp(process, query, {
      address: parseIpv4(address),
      port: Number(port),
      deadline,
    });
    const records = message.answers.filter(({ data }) => data.kind === "address");
    const addresses = records.flatMap(({ data }) => (data.kind === "address" ? [data.address] : []));
    if (addresses.length === 0)
      return `${name} could not be resolved (${message.rcode === 0 ? "3: Host not found" : (CODES[message.rcode] ?? "Unknown error")})`;
    const life = resolver.valid ?? Math.min(...records.map(({ ttl }) => ttl));
    cache.known.set(name, { addresses, until: scheduler.now + seconds(life) });
    return addresses;
  } catch (error) {
    if (!(error instanceof KernelError) && !(error instanceof DnsFormatError)) throw error;
    return `${name} could not be resolved (110: Operation timed out)`;
  }
}

/** ngx_resolver_strerror. */
const CODES: Readonly<Record<number, string>> = {
  1: "1: Format error",
  2: "2: Server failure",
  3: "3: Host not found",
  4: "4: Unimplemented",
  5: "5: Operation refused",
};
