import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { UdpSocket } from "../../socket/udp.js";
import {
  buildDns,
  DNS_CLASS_IN,
  DNS_PORT,
  DnsFormatError,
  type DnsMessage,
  dnsQuery,
  NOTIMP,
  parseDns,
  REFUSED,
  SERVFAIL,
} from "../../wire/dns.js";
import { answers, exchangeTcp } from "./dns-exchange.js";
import type { ResolvConf } from "./resolv-conf.js";
import { socketOwner } from "./stream.js";

/** A new number for a query, from the lab's seed. */
export function queryId({ host, pid }: Process): number {
  const { random, scheduler } = host.world;
  return random.fork(`dns/${host.name}/${pid}/${scheduler.now}`).uint32() & 0xffff;
}

function buildQueries(process: Process, name: string, types: readonly number[]): readonly Uint8Array[] {
  const id = queryId(process);
  return types.map((type, i) =>
    buildDns(dnsQuery((id + i * 7919) & 0xffff, { name, type, class: DNS_CLASS_IN })),
  );
}

function openUdp(process: Process): UdpSocket {
  const socket = process.netns.udp.socket();
  const holder = socketOwner(process);
  socket.owner = holder.name;
  socket.holder = holder;
  return socket;
}

/**
 * Asks the servers for the given types of one name, all types at once, as glibc does: the next server when one cannot be reached, is silent for
 * too long, or fails; all of them `attempts` times. Gives an answer for each type, null where there is none. A truncated answer is asked for again
 * over TCP.
 */
export function* askServers(
  process: Process,
  conf: ResolvConf,
  name: string,
  types: readonly number[],
): Steps<readonly (DnsMessage | null)[]> {
  const queries = buildQueries(process, name, types);
  const found: (DnsMessage | null)[] = types.map(() => null);
  for (let attempt = 0; attempt < conf.attempts; attempt++)
    for (const [index, server] of conf.servers.entries()) {
      const share = index > 0 ? conf.servers.length : 1;
      const patience = seconds(Math.max(1, Math.floor((conf.timeout << index) / share)));
      const missing = queries.filter((_, i) => isFailure(found[i]!));
      const got = yield* askServer(process, server, missing, patience);
      let next = 0;
      for (let i = 0; i < found.length; i++) if (isFailure(found[i]!)) found[i] = got[next++] ?? found[i]!;
      if (!found.some(isFailure)) return found;
    }
  return found;
}

/** Whether another server is to be asked. */
function isFailure(message: DnsMessage | null): boolean {
  return message === null || [SERVFAIL, NOTIMP, REFUSED].includes(message.rcode);
}

/** Sends the queries to one server from one socket and gathers the answers until all have come or the time is over. */
function* askServer(
  process: Process,
  server: Ipv4,
  queries: readonly Uint8Array[],
  patience: Nanoseconds,
): Steps<readonly (DnsMessage | null)[]> {
  const found: (DnsMessage | null)[] = queries.map(() => null);
  const socket = openUdp(process);
  const deadline = process.host.world.scheduler.now + patience;
  try {
    socket.connect(server, DNS_PORT);
    for (const query of queries) socket.sendTo(query);
    yield* gather(process, socket, queries, found, deadline);
  } catch (error) {
    if (!(error instanceof KernelError) && !(error instanceof DnsFormatError)) throw error;
  } finally {
    socket.close();
  }
  for (const [i, message] of found.entries())
    if (message?.truncated === true) found[i] = yield* overTcp(process, server, queries[i]!, deadline);
  return found;
}

function* gather(
  process: Process,
  socket: UdpSocket,
  queries: readonly Uint8Array[],
  found: (DnsMessage | null)[],
  deadline: Nanoseconds,
): Steps<void> {
  const { scheduler } = process.host.world;
  while (found.includes(null)) {
    const datagram = socket.receive();
    if (datagram === null) {
      if (scheduler.now >= deadline) return;
      yield* until([socket.wait], deadline);
      continue;
    }
    const i = queries.findIndex((query) => answers(datagram.bytes, query));
    if (i >= 0) found[i] = parseDns(datagram.bytes);
  }
}

function* overTcp(
  process: Process,
  address: Ipv4,
  query: Uint8Array,
  deadline: Nanoseconds,
): Steps<DnsMessage | null> {
  try {
    const { message } = yield* exchangeTcp(process, query, { address, port: DNS_PORT, deadline });
    return message;
  } catch (error) {
    if (!(error instanceof KernelError) && !(error instanceof DnsFormatError)) throw error;
    return null;
  }
}

/**
 * The same as musl does it: every server at once from a socket that is not connected, so that a refusal goes unnoticed; again after `timeout`
 * divided by `attempts`, until `timeout` is over. Only answers that know the name, or know that there is none, count.
 */
export function* askServersAtOnce(
  process: Process,
  conf: ResolvConf,
  name: string,
  types: readonly number[],
): Steps<readonly (DnsMessage | null)[]> {
  const queries = buildQueries(process, name, types);
  const found: (DnsMessage | null)[] = types.map(() => null);
  const socket = openUdp(process);
  const { scheduler } = process.host.world;
  try {
    for (let attempt = 0; attempt < conf.attempts && found.includes(null); attempt++) {
      const missing = queries.filter((_, i) => found[i] === null);
      for (const server of conf.servers)
        for (const query of missing) attemptTo(() => socket.sendTo(query, server, DNS_PORT));
      yield* gather(process, socket, queries, found, scheduler.now + seconds(conf.timeout / conf.attempts));
      for (const [i, message] of found.entries()) if (isFailure(message)) found[i] = null;
    }
  } finally {
    socket.close();
  }
  const deadline = scheduler.now + seconds(conf.timeout);
  for (const [i, message] of found.entries())
    if (message?.truncated === true)
      found[i] = yield* overTcp(process, conf.servers[0]!, queries[i]!, deadline);
  return found;
}

function attemptTo(send: () => void): void {
  try {
    send();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}
