import { parseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { Thread } from "../../host/thread.js";
import { until } from "../../host/waits.js";
import type { Random } from "../../sim/random.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import type { SocketOwner } from "../../socket/tcp/state.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import type { UdpSocket } from "../../socket/udp.js";
import type { Netns } from "../../stack/netns.js";
import { framed, receiveFramed } from "../../tools/net/dns-exchange.js";
import { sendAll } from "../../tools/net/stream.js";
import {
  buildDns,
  DNS_HEADER_LENGTH,
  DNS_TYPES,
  DNS_UDP_LIMIT,
  DnsFormatError,
  type DnsMessage,
  dnsHeader,
  dnsReply,
  NOERROR,
  parseDns,
  SERVFAIL,
} from "../../wire/dns.js";
import type { Container } from "../container/container.js";
import type { Engine } from "../engine.js";
import type { MountedNetns } from "../network/mounted-netns.js";
import { answer } from "./answer.js";
import { forward } from "./forward.js";
import { CHAIN_CHECK, RESOLVER_ADDRESS, type ResolverPorts, resolverRules, WAIT_CHECK } from "./rules.js";
import type { ExternalServer } from "./servers.js";

type Protocol = "udp" | "tcp";

const FORMERR = 1;
/** How long a TCP connection may be silent (miekg/dns's read timeout, then its idle timeout). */
const TCP_PATIENCE = seconds(8);
/** Go's listen backlog: net.core.somaxconn. */
const BACKLOG = 4096;
/** A file descriptor of the daemon, as `ss -p` shows it. */
const UDP_FD = 32;
const TCP_FD = 34;

/** Where a resolver listens, and for whom. */
interface ResolverClient {
  /** The container's id, or the sandbox's name. */
  readonly id: string;
  /** Null: a sandbox in which no container runs. It knows no names of its own. */
  readonly container: Container | null;
  readonly netns: Netns;
  /** The words before a command that is to run in the namespace. */
  readonly enter: readonly string[];
}

/**
 * The embedded DNS of one container: dockerd's sockets at 127.0.0.11 inside the container's namespace, and the rules that lead port 53 to them.
 * It starts with the first user-defined network that the container joins and ends with the container. Sandboxes of the swarm have one each, too.
 */
export class Resolver {
  readonly ports: ResolverPorts;
  private readonly udp: UdpSocket;
  private readonly tcp: TcpSocket;
  private readonly random: Random;
  private readonly ended: WaitQueue;

  private constructor(
    private readonly engine: Engine,
    private readonly client: ResolverClient,
    private readonly servers: readonly ExternalServer[],
  ) {
    const address = parseIpv4(RESOLVER_ADDRESS);
    const owner = (fd: number): SocketOwner => ({ pid: engine.daemon.pid, name: "dockerd", fd });
    this.random = engine.host.world.random.fork(`docker/${engine.host.name}/dns/${client.id}`);
    this.ended = new WaitQueue(engine.host.world.scheduler);
    const { netns } = client;
    this.udp = netns.udp.socket();
    this.udp.owner = "dockerd";
    this.udp.holder = owner(UDP_FD);
    this.udp.bind(address, 0);
    this.tcp = netns.tcp.socket();
    this.tcp.owner = owner(TCP_FD);
    this.tcp.bind(address, this.random.between(...netns.portRange));
    this.tcp.listen(BACKLOG);
    this.ports = { udp: this.udp.localPort, tcp: this.tcp.local.port };
  }

  /** Opens the sockets in the namespace of a container's first process, writes the rules and serves until that process ends. */
  static *start(
    engine: Engine,
    container: Container,
    first: Process,
    servers: readonly ExternalServer[],
  ): Steps<void> {
    const enter = ["nsenter", "-t", String(first.pid), "-n"];
    const resolver = new Resolver(
      engine,
      { id: container.id, container, netns: first.netns, enter },
      servers,
    );
    container.resolver = resolver;
    const leave = first.exited.add(() => resolver.stop());
    try {
      yield* resolver.open();
    } catch (error) {
      leave();
      resolver.stop();
      throw error;
    }
  }

  /** The same in a sandbox without a container. It serves until it is stopped. */
  static *startIn(
    engine: Engine,
    { name, netns, place }: MountedNetns,
    servers: readonly ExternalServer[],
  ): Steps<Resolver> {
    const client = { id: name, container: null, netns, enter: place.enter };
    const resolver = new Resolver(engine, client, servers);
    yield* resolver.open();
    return resolver;
  }

  stop(): void {
    this.udp.close();
    this.tcp.close();
    this.ended.wakeAll();
    const { container } = this.client;
    if (container?.resolver === this) container.resolver = null;
  }

  private *open(): Steps<void> {
    const { enter } = this.client;
    yield* this.engine.command([...enter, ...WAIT_CHECK]);
    const check = yield* this.engine.command([...enter, ...CHAIN_CHECK]);
    for (const argv of resolverRules(this.ports, check.status === 0))
      yield* this.engine.must([...enter, ...argv]);
    this.thread(this.serveUdp());
    this.thread(this.serveTcp());
  }

  private thread(steps: Steps<void>): void {
    new Thread(this.engine.daemon, steps, [this.ended]);
  }

  private *serveUdp(): Steps<void> {
    for (;;) {
      for (let datagram = take(this.udp); datagram !== null; datagram = take(this.udp)) {
        const { bytes, source, sourcePort } = datagram;
        this.thread(
          this.answered("udp", bytes, (reply) => {
            attempt(() => this.udp.sendTo(reply, source, sourcePort));
          }),
        );
      }
      yield* until([this.udp.wait]);
    }
  }

  private *answered(protocol: Protocol, bytes: Uint8Array, send: (reply: Uint8Array) => void): Steps<void> {
    const reply = yield* this.reply(protocol, bytes);
    if (reply !== null) send(reply);
  }

  private *serveTcp(): Steps<void> {
    for (;;) {
      for (let socket = this.tcp.accept(); socket !== null; socket = this.tcp.accept())
        this.thread(this.converse(socket));
      yield* until([this.tcp.wait]);
    }
  }

  private *converse(socket: TcpSocket): Steps<void> {
    const { daemon, host } = this.engine;
    try {
      for (;;) {
        const deadline = host.world.scheduler.now + TCP_PATIENCE;
        const bytes = yield* receiveFramed(daemon, socket, deadline);
        if (bytes === null) return;
        const reply = yield* this.reply("tcp", bytes);
        if (reply !== null) yield* sendAll(daemon, socket, framed(reply), deadline);
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    } finally {
      socket.close();
    }
  }

  /** The bytes of an answer; null when the query gets none. */
  private *reply(protocol: Protocol, bytes: Uint8Array): Steps<Uint8Array | null> {
    if (bytes.length < DNS_HEADER_LENGTH || dnsHeader.response.get(bytes, 0) === 1) return null;
    let query: DnsMessage;
    try {
      query = parseDns(bytes);
    } catch (error) {
      if (!(error instanceof DnsFormatError)) throw error;
      return formatError(bytes);
    }
    if (query.questions.length === 0) return null;
    const limit = protocol === "tcp" ? 0xffff : udpLimit(query);
    const outcome = answer(this.engine, this.client.container, query, this.random);
    if (outcome.kind === "silence") return null;
    if (outcome.kind === "reply") return fitting(outcome.message, limit, false);
    return yield* this.forwarded(protocol, query, bytes, limit);
  }

  private *forwarded(
    protocol: Protocol,
    query: DnsMessage,
    bytes: Uint8Array,
    limit: number,
  ): Steps<Uint8Array | null> {
    const { daemon, version } = this.engine;
    const failure = { ...dnsReply(query, SERVFAIL) };
    if (version.answersDnsFailures && this.isInternal) return buildDns(failure);
    const found = yield* forward(daemon, this.client.netns, this.servers, protocol, bytes);
    if (found === null) return version.answersDnsFailures ? buildDns(failure) : null;
    return fitting(found, limit, found.rcode === NOERROR);
  }

  /** Only internal networks: newer engines then ask nobody outside. */
  private get isInternal(): boolean {
    const { container } = this.client;
    return container !== null && [...container.endpoints.keys()].every((network) => network.request.internal);
  }
}

/** A reply with nothing but the query's number: it could not be read (miekg's SetRcodeFormatError). */
function formatError(query: Uint8Array): Uint8Array {
  const reply = new Uint8Array(DNS_HEADER_LENGTH);
  dnsHeader.id.set(reply, 0, dnsHeader.id.get(query, 0));
  dnsHeader.response.set(reply, 0, 1);
  dnsHeader.rcode.set(reply, 0, FORMERR);
  return reply;
}

/** What the client can take over UDP: the size in its OPT record (the record's class), else 512. */
function udpLimit(query: DnsMessage): number {
  const size = query.additional.find(({ type }) => type === DNS_TYPES.OPT)?.class ?? 0;
  return Math.max(size, DNS_UDP_LIMIT);
}

/** The bytes of a message; answers that do not fit are left out, and TC says so. */
function fitting(message: DnsMessage, limit: number, compress: boolean): Uint8Array {
  const bytes = buildDns(message, { compress });
  if (bytes.length <= limit) return bytes;
  for (let count = message.answers.length - 1; ; count--) {
    const answers = message.answers.slice(0, Math.max(0, count));
    const shorter = buildDns({ ...message, truncated: true, answers, additional: [] }, { compress });
    if (shorter.length <= limit || count <= 0) return shorter;
  }
}

function take(socket: UdpSocket) {
  for (;;) {
    try {
      return socket.receive();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
  }
}

function attempt(send: () => void): void {
  try {
    send();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}
