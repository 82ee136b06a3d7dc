import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import type { Netns } from "../../stack/netns.js";
import { exchangeTcp, exchangeUdp } from "../../tools/net/dns-exchange.js";
import { DNS_PORT, DnsFormatError, type DnsMessage, NXDOMAIN, REFUSED, SERVFAIL } from "../../wire/dns.js";
import type { ExternalServer } from "./servers.js";

/** How long one server may take (libnetwork's extIOTimeout). */
const PATIENCE = seconds(4);

/**
 * Asks the servers outside, one after the other, over the protocol of the query. The next one is asked when a server cannot be reached, is silent
 * for four seconds, fails or refuses, or does not know the name without authority. Gives the last answer; null when there was none.
 */
export function* forward(
  process: Process,
  netns: Netns,
  servers: readonly ExternalServer[],
  protocol: "udp" | "tcp",
  query: Uint8Array,
): Steps<DnsMessage | null> {
  let last: DnsMessage | null = null;
  const { scheduler } = process.host.world;
  for (const { address, onMachine } of servers) {
    const exchange = protocol === "udp" ? exchangeUdp : exchangeTcp;
    const from = onMachine ? process.host.rootNetns : netns;
    try {
      const options = { address, port: DNS_PORT, deadline: scheduler.now + PATIENCE, netns: from };
      last = (yield* exchange(process, query, options)).message;
    } catch (error) {
      if (!(error instanceof KernelError) && !(error instanceof DnsFormatError)) throw error;
      last = null;
      continue;
    }
    if (last.rcode === SERVFAIL || last.rcode === REFUSED) continue;
    if (last.rcode === NXDOMAIN && !last.authoritative) continue;
    return last;
  }
  return last;
}
