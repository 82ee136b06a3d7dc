import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Nanoseconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import type { UdpSocket } from "../../socket/udp.js";
import type { Netns } from "../../stack/netns.js";
import { DNS_HEADER_LENGTH, DnsFormatError, type DnsMessage, dnsHeader, parseDns } from "../../wire/dns.js";
import { join } from "../../wire/http.js";
import { connect, receiveSome, sendAll, socketOwner } from "./stream.js";

/** Where a query goes. */
export interface DnsExchangeOptions {
  readonly address: Ipv4;
  readonly port: number;
  /** Absolute virtual time at which the answer is no longer awaited. */
  readonly deadline: Nanoseconds;
  /** The namespace to ask from. Default: the process's own. */
  readonly netns?: Netns;
  /** False sends without DF, as BIND's tools do (IP_PMTUDISC_OMIT). */
  readonly dontFragment?: boolean;
}

/** An answer and how many bytes it had. */
export interface DnsAnswer {
  readonly message: DnsMessage;
  readonly size: number;
}

/**
 * Sends a query over UDP and waits for the answer to it; other datagrams are passed over. Throws KernelError: ETIMEDOUT at the deadline,
 * ECONNREFUSED and so on as the kernel says; DnsFormatError for an answer that cannot be read.
 */
export function* exchangeUdp(
  process: Process,
  query: Uint8Array,
  options: DnsExchangeOptions,
): Steps<DnsAnswer> {
  const socket = openUdp(process, options);
  try {
    socket.connect(options.address, options.port);
    socket.sendTo(query);
    return yield* awaitAnswer(process, socket, query, options.deadline);
  } finally {
    socket.close();
  }
}

function openUdp(
  process: Process,
  { netns = process.netns, dontFragment = true }: DnsExchangeOptions,
): UdpSocket {
  const socket = netns.udp.socket();
  const holder = socketOwner(process);
  socket.owner = holder.name;
  socket.holder = holder;
  socket.setsDontFragment = dontFragment;
  return socket;
}

/** The next datagram that answers a query. */
export function* awaitAnswer(
  process: Process,
  socket: UdpSocket,
  query: Uint8Array,
  deadline: Nanoseconds,
): Steps<DnsAnswer> {
  const { scheduler } = process.host.world;
  for (;;) {
    const datagram = socket.receive();
    if (datagram !== null) {
      if (answers(datagram.bytes, query))
        return { message: parseDns(datagram.bytes), size: datagram.bytes.length };
      continue;
    }
    if (scheduler.now >= deadline) throw new KernelError("ETIMEDOUT");
    yield* until([socket.wait], deadline);
  }
}

/** Whether a message is a response with the query's number. */
export function answers(bytes: Uint8Array, query: Uint8Array): boolean {
  if (bytes.length < DNS_HEADER_LENGTH || dnsHeader.response.get(bytes, 0) !== 1) return false;
  return dnsHeader.id.get(bytes, 0) === dnsHeader.id.get(query, 0);
}

/** The same over TCP: the length in two bytes before each message (RFC 1035 §4.2.2). A connection that ends early is ECONNRESET. */
export function* exchangeTcp(
  process: Process,
  query: Uint8Array,
  { address, port, deadline, netns = process.netns }: DnsExchangeOptions,
): Steps<DnsAnswer> {
  const socket = netns.tcp.socket();
  socket.owner = socketOwner(process);
  try {
    yield* connect(process, socket, address, port, deadline);
    yield* sendAll(process, socket, framed(query), deadline);
    const bytes = yield* receiveFramed(process, socket, deadline);
    if (bytes === null) throw new KernelError("ECONNRESET");
    if (!answers(bytes, query)) throw new DnsFormatError("an answer to another query");
    return { message: parseDns(bytes), size: bytes.length };
  } finally {
    socket.close();
  }
}

/** A message with its length before it, as TCP carries it. */
export function framed(message: Uint8Array): Uint8Array {
  return join(Uint8Array.of(message.length >>> 8, message.length & 255), message);
}

/** The next message of a connection; null when it ends before one is complete. Throws KernelError: ETIMEDOUT at the deadline. */
export function* receiveFramed(
  process: Process,
  socket: TcpSocket,
  deadline: Nanoseconds | null,
): Steps<Uint8Array | null> {
  for (let input: Uint8Array = new Uint8Array(0); ; ) {
    const length = input.length < 2 ? null : input[0]! * 256 + input[1]!;
    if (length !== null && input.length >= length + 2) return input.slice(2, length + 2);
    const more = yield* receiveSome(process, socket, deadline);
    if (more.length === 0) return null;
    input = join(input, more);
  }
}
