import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import {
  buildDns,
  DNS_CLASS_IN,
  DNS_TYPES,
  DnsFormatError,
  type DnsMessage,
  type DnsRecord,
  dnsQuery,
  SERVFAIL,
} from "../../wire/dns.js";
import { exchangeTcp, exchangeUdp } from "../net/dns-exchange.js";
import { queryId } from "../net/name-query.js";

/** How BIND's tools (dighost.c) ask. */
export interface BindRequest {
  readonly servers: readonly Ipv4[];
  readonly port: number;
  readonly name: string;
  readonly type: number;
  readonly tcp: boolean;
  readonly recurse: boolean;
  /** With an OPT record and a client cookie; what the record's class says, or null without EDNS. */
  readonly ednsSize: number | null;
  /** The AD bit: dig sets it. */
  readonly authenticData: boolean;
  /** Seconds for one try. */
  readonly timeout: number;
  readonly tries: number;
  /** The tool says which servers failed. */
  readonly reportsFailures: boolean;
}

/** An answer and how it came. */
export interface BindAnswer {
  readonly message: DnsMessage;
  readonly size: number;
  readonly server: Ipv4;
  readonly tcp: boolean;
  readonly milliseconds: number;
}

/**
 * Asks each server in turn, all of them `tries` times. `say` gets the remarks (`communications error to 127.0.0.11#53: timed out`) as they come. A
 * truncated answer is asked for again over TCP; SERVFAIL leads on to the next server. Null when nobody answered.
 */
export function* askAsBind(
  process: Process,
  request: BindRequest,
  say: (remark: string) => void,
): Steps<BindAnswer | null> {
  const { servers, tries } = request;
  for (let attempt = 0; attempt < tries; attempt++)
    for (const [i, server] of servers.entries()) {
      const answer = yield* askOne(process, request, server, request.tcp, say);
      if (answer === null) continue;
      if (answer.message.rcode !== SERVFAIL) return answer;
      const more = i < servers.length - 1;
      if (request.reportsFailures || more)
        say(`Got SERVFAIL reply from ${formatIpv4(server)}${more ? ", trying next server" : ""}`);
      if (!more) return answer;
    }
  return null;
}

function* askOne(
  process: Process,
  request: BindRequest,
  server: Ipv4,
  tcp: boolean,
  say: (remark: string) => void,
): Steps<BindAnswer | null> {
  const { scheduler } = process.host.world;
  const startedAt = scheduler.now;
  const place = `${formatIpv4(server)}#${request.port}`;
  const options = {
    address: server,
    port: request.port,
    deadline: startedAt + seconds(request.timeout),
    dontFragment: false,
  };
  const query = queryBytes(process, request);
  try {
    const { message, size } = yield* tcp
      ? exchangeTcp(process, query, options)
      : exchangeUdp(process, query, options);
    const milliseconds = Math.floor((scheduler.now - startedAt) / 1e6);
    if (!message.truncated || tcp) return { message, size, server, tcp, milliseconds };
  } catch (error) {
    const trouble = troubleText(error);
    say(trouble === null ? `Got bad packet: bad label type` : `communications error to ${place}: ${trouble}`);
    return null;
  }
  say("Truncated, retrying in TCP mode.");
  return yield* askOne(process, request, server, true, say);
}

/** isc_result_totext of what the kernel said; null for an answer that could not be read. */
function troubleText(error: unknown): string | null {
  if (error instanceof DnsFormatError) return null;
  if (!(error instanceof KernelError)) throw error;
  const texts: Readonly<Record<string, string>> = {
    ETIMEDOUT: "timed out",
    ECONNREFUSED: "connection refused",
    ECONNRESET: "end of file",
    EHOSTUNREACH: "host unreachable",
    ENETUNREACH: "network unreachable",
    EACCES: "permission denied",
  };
  return texts[error.errno] ?? error.message.toLowerCase();
}

function queryBytes(process: Process, request: BindRequest): Uint8Array {
  const { name, type, ednsSize } = request;
  const id = queryId(process);
  const additional = ednsSize === null ? [] : [optRecord(process, ednsSize, id)];
  const message = dnsQuery(id, { name, type, class: DNS_CLASS_IN }, additional);
  return buildDns({
    ...message,
    recursionDesired: request.recurse,
    authenticData: request.authenticData,
  });
}

/** EDNS version 0 with a client cookie of 8 bytes (RFC 7873), from the lab's seed. */
function optRecord(process: Process, size: number, id: number): DnsRecord {
  const { random } = process.host.world;
  const cookie = random.fork(`dns/cookie/${process.host.name}/${process.pid}/${id}`).hex(16);
  const bytes = Uint8Array.from([
    0,
    10,
    0,
    8,
    ...(cookie.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
  ]);
  return { name: "", type: DNS_TYPES.OPT, class: size, ttl: 0, data: { kind: "bytes", bytes } };
}
