import { type Ipv4, parseIpv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import type { Process, Program, Steps } from "../host/process.js";
import { Thread } from "../host/thread.js";
import { until } from "../host/waits.js";
import type { TcpSocket } from "../socket/tcp/tcp-socket.js";
import type { UdpSocket } from "../socket/udp.js";
import { framed, receiveFramed } from "../tools/net/dns-exchange.js";
import { openSocket, sendAll, socketOwner } from "../tools/net/stream.js";
import {
  buildDns,
  DNS_CLASS_IN,
  DNS_PORT,
  DNS_TYPES,
  DNS_UDP_LIMIT,
  type DnsData,
  DnsFormatError,
  type DnsMessage,
  dnsReply,
  NOERROR,
  NOTIMP,
  NXDOMAIN,
  parseDns,
  reverseName,
} from "../wire/dns.js";

/** A name server's knowledge: addresses and aliases by name, in small letters and without the last dot. */
export interface DnsZone {
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** CNAME records. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Names for which it fails: with the response code, or null for silence. */
  readonly failures?: Readonly<Record<string, number | null>>;
}

/** Seconds that an answer may be kept. */
const TTL = 300;
const BACKLOG = 32;

/**
 * A name server for a small world: it answers for its zone with authority, for the reverse of its addresses too, and denies every other name. Over UDP
 * and TCP on port 53 of every address.
 */
export function nameServer(zone: DnsZone): Program {
  return function* (process): Steps<number> {
    const udp = process.netns.udp.socket();
    const holder = socketOwner(process);
    udp.owner = holder.name;
    udp.holder = holder;
    const tcp = openSocket(process, 4);
    try {
      udp.bind(0, DNS_PORT);
      tcp.bind(0, DNS_PORT);
      tcp.listen(BACKLOG);
      new Thread(process, serveTcp(process, tcp, zone));
      yield* serveUdp(udp, zone);
      return 0;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      process.stderr.write(`${holder.name}: ${error.message}\n`);
      return 1;
    } finally {
      udp.close();
      tcp.close();
    }
  };
}

function* serveUdp(socket: UdpSocket, zone: DnsZone): Steps<never> {
  for (;;) {
    for (let datagram = socket.receive(); datagram !== null; datagram = socket.receive()) {
      const reply = replyTo(datagram.bytes, zone, DNS_UDP_LIMIT);
      if (reply !== null) send(socket, reply, datagram.source, datagram.sourcePort);
    }
    yield* until([socket.wait]);
  }
}

function send(socket: UdpSocket, reply: Uint8Array, address: Ipv4, port: number): void {
  try {
    socket.sendTo(reply, address, port);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}

function* serveTcp(process: Process, listener: TcpSocket, zone: DnsZone): Steps<void> {
  for (;;) {
    for (let socket = listener.accept(); socket !== null; socket = listener.accept())
      new Thread(process, converse(process, socket, zone));
    yield* until([listener.wait]);
  }
}

function* converse(process: Process, socket: TcpSocket, zone: DnsZone): Steps<void> {
  try {
    for (;;) {
      const bytes = yield* receiveFramed(process, socket, null);
      if (bytes === null) return;
      const reply = replyTo(bytes, zone, 0xffff);
      if (reply !== null) yield* sendAll(process, socket, framed(reply));
    }
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  } finally {
    socket.close();
  }
}

function replyTo(bytes: Uint8Array, zone: DnsZone, limit: number): Uint8Array | null {
  let query: DnsMessage;
  try {
    query = parseDns(bytes);
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error;
    return null;
  }
  if (query.response || query.questions.length === 0) return null;
  const failure = zone.failures?.[query.questions[0]!.name.toLowerCase()];
  if (failure === null) return null;
  const answer = failure === undefined ? answerOf(query, zone) : dnsReply(query, failure);
  const reply = { ...answer, authoritative: true, recursionAvailable: true };
  const whole = buildDns(reply, { compress: true });
  return whole.length <= limit ? whole : buildDns({ ...reply, truncated: true, answers: [] });
}

function answerOf(query: DnsMessage, zone: DnsZone): DnsMessage {
  if (query.opcode !== 0) return dnsReply(query, NOTIMP);
  const { name: asked, type } = query.questions[0]!;
  const answers: DnsMessage["answers"][number][] = [];
  const add = (name: string, kind: number, data: DnsData) =>
    answers.push({ name, type: kind, class: DNS_CLASS_IN, ttl: TTL, data });
  let name = asked;
  const alias = zone.aliases?.[asked.toLowerCase()];
  if (alias !== undefined) {
    add(asked, DNS_TYPES.CNAME, { kind: "name", name: alias });
    name = alias;
  }
  const addresses = zone.addresses[name.toLowerCase()];
  if (addresses !== undefined && type === DNS_TYPES.A)
    for (const text of addresses) add(name, type, { kind: "address", address: parseIpv4(text) });
  const pointer = Object.keys(zone.addresses).find((each) =>
    zone.addresses[each]!.some((text) => reverseName(parseIpv4(text)) === asked.toLowerCase()),
  );
  if (pointer !== undefined && type === DNS_TYPES.PTR) add(asked, type, { kind: "name", name: pointer });
  const known = addresses !== undefined || alias !== undefined || pointer !== undefined;
  return { ...dnsReply(query, known ? NOERROR : NXDOMAIN), answers };
}
