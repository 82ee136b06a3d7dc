import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { until, untilOutsider } from "../../host/waits.js";
import type { IcmpMessage, IcmpSocket } from "../../socket/icmp.js";
import { LOOKUP_FAILURES, lookup, reverseLookup } from "../net/resolve.js";
import { errnoText, steppedTool, ToolExit } from "../tool-exit.js";
import { echoPayload } from "./echo.js";
import { icmpErrorText } from "./icmp-text.js";
import { type PingOptions, readPingOptions } from "./options.js";
import { PingStatistics, printStatistics, printTime } from "./statistics.js";

const BROADCAST_QUESTION =
  "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n";

const ECHO_REPLY = 0;
const REDIRECT = 5;
const LONGEST = 65535;

/** `ping` of iputils 20221126, IPv4 only. */
export const ping: Program = steppedTool(function* (process): Steps<number> {
  const options = readPingOptions(process.argv);
  const { addresses, canonical, failure } = yield* lookup(process, options.destination);
  const [address] = addresses;
  if (address === undefined)
    throw new ToolExit(2, `ping: ${options.destination}: ${LOOKUP_FAILURES[failure ?? "noname"]}\n`);
  const session = new PingSession(process, { ...options, destination: canonical }, address);
  try {
    return yield* session.run();
  } finally {
    session.close();
  }
});

/** One run: its socket, what it sent and when. */
class PingSession {
  private readonly socket: IcmpSocket;
  private readonly statistics = new PingStatistics();
  private readonly sentAt = new Map<number, Nanoseconds>();
  private readonly numeric: boolean;
  private readonly source: Ipv4;
  private interrupted = false;
  /** The last address whose name was asked for, and how it is shown. */
  private named: readonly [address: Ipv4, text: string] | null = null;

  constructor(
    private readonly process: Process,
    private readonly options: PingOptions,
    private readonly address: Ipv4,
  ) {
    this.numeric = options.numeric || tryParseIpv4(options.destination) !== null;
    this.socket = process.netns.icmp.socket();
    this.source = this.bindAndConnect();
  }

  close(): void {
    this.socket.close();
  }

  private get now(): Nanoseconds {
    return this.process.host.world.scheduler.now;
  }

  /** Binds as -I asks, and finds the source address as ping does: by a connected socket. */
  private bindAndConnect(): Ipv4 {
    const { socket } = this;
    const { netns } = this.process;
    const { bind, broadcast } = this.options;
    const literal = bind === null ? null : tryParseIpv4(bind);
    socket.broadcast = broadcast;
    if (literal !== null) {
      if (!netns.isLocal(literal)) throw new ToolExit(2, "ping: bind: Cannot assign requested address\n");
      socket.source = literal;
    } else if (bind !== null) {
      const device = netns.device(bind);
      if (device === undefined) throw new ToolExit(2, `ping: SO_BINDTODEVICE ${bind}: No such device\n`);
      socket.boundIndex = device.ifindex;
    }
    try {
      const source = netns.selectSource(this.address, socket.boundIndex);
      this.askAboutBroadcast();
      return socket.source === 0 ? source : socket.source;
    } catch (error) {
      throw new ToolExit(2, `ping: connect: ${errnoText(error)}\n`);
    }
  }

  /** The kernel lets no socket send to a broadcast address unasked. */
  private askAboutBroadcast(): void {
    const path = this.process.netns.findPath(this.address, 0, this.socket.boundIndex);
    if (typeof path === "string" || path.type !== "broadcast") return;
    if (!this.options.broadcast) throw new ToolExit(2, BROADCAST_QUESTION);
    this.process.stderr.write("WARNING: pinging broadcast address\n");
  }

  *run(): Steps<number> {
    const { options, statistics } = this;
    this.process.onSignal("SIGINT", () => this.interrupt());
    this.printHeader();
    const started = this.now;
    const end =
      options.deadline === null || options.deadline === 0 ? null : started + seconds(options.deadline);
    let next = started;
    let last: Nanoseconds | null = null;
    const endless = options.count === null && end === null;
    while (
      !this.interrupted &&
      !this.complete &&
      (end === null || this.now < end) &&
      (last === null || this.now < last)
    ) {
      if (last === null && this.now >= next) {
        if (options.outstanding) this.reportOutstanding();
        this.send();
        next = this.now + seconds(options.interval);
        yield* this.receiveAll();
        if (options.count !== null && statistics.transmitted >= options.count && end === null)
          last = this.now + this.linger();
        if (options.count !== null && statistics.transmitted >= options.count && end !== null) next = end;
        continue;
      }
      const deadline = Math.min(last ?? next, end ?? Number.POSITIVE_INFINITY);
      yield* (endless ? untilOutsider : until)([this.socket.wait], deadline);
      yield* this.receiveAll();
    }
    this.process.stdout.write(printStatistics(options.destination, statistics, this.timed));
    const short = options.deadline !== null && options.count !== null && statistics.received < options.count;
    return statistics.received === 0 || short ? 1 : 0;
  }

  private interrupt(): void {
    this.interrupted = true;
    this.socket.wait.wakeAll();
  }

  private get timed(): boolean {
    return this.options.size >= 16;
  }

  private get complete(): boolean {
    const { count } = this.options;
    return count !== null && this.statistics.received + this.statistics.errors >= count;
  }

  /** How long to wait for the last replies: twice the longest round trip, a second at least; without any reply the time of -W. */
  private linger(): Nanoseconds {
    const { statistics, options } = this;
    if (statistics.received === 0) return seconds(options.timeout);
    return Math.max(2 * statistics.greatest * 1000, seconds(options.interval));
  }

  private printHeader(): void {
    const { destination, size, bind } = this.options;
    const from =
      bind === null ? "" : ` from ${formatIpv4(this.source)} ${this.socket.boundIndex === 0 ? "" : bind}:`;
    this.process.stdout.write(
      `PING ${destination} (${formatIpv4(this.address)})${from} ${size}(${size + 28}) bytes of data.\n`,
    );
  }

  private send(): void {
    const { options, statistics, socket, process } = this;
    const sequence = statistics.transmitted + 1;
    const length = options.size + 28;
    const pathMtu = process.netns.pathMtu(this.address);
    const dontFragment =
      options.mtuDiscovery === "do" || (options.mtuDiscovery === "want" && length <= pathMtu);
    this.sentAt.set(sequence, this.now);
    statistics.sent(this.now);
    // The kernel refuses what no IPv4 packet can hold, and ping says nothing about it.
    if (length > LONGEST) return;
    try {
      socket.send(this.address, sequence & 0xffff, echoPayload(process, options.size), {
        ...(options.ttl === null ? {} : { ttl: options.ttl }),
        tos: options.tos,
        dontFragment,
        clearDontFragment: options.mtuDiscovery === "dont",
      });
    } catch (error) {
      if (error instanceof KernelError && error.errno === "EMSGSIZE") {
        statistics.errors++;
        if (!options.quiet) process.stderr.write(`ping: local error: message too long, mtu=${pathMtu}\n`);
      } else if (!options.quiet) process.stderr.write(`ping: sendmsg: ${errnoText(error)}\n`);
    }
  }

  private reportOutstanding(): void {
    const { statistics } = this;
    if (statistics.transmitted === 0 || statistics.has(statistics.transmitted)) return;
    this.print(`no answer yet for icmp_seq=${statistics.transmitted}\n`);
  }

  private print(text: string): void {
    if (this.options.quiet) return;
    const stamp = this.options.stamps ? `[${this.process.host.unixTime().toFixed(6)}] ` : "";
    this.process.stdout.write(stamp + text);
  }

  private *receiveAll(): Steps<void> {
    for (let message = this.socket.receive(); message !== null; message = this.socket.receive()) {
      if (this.complete || this.interrupted) return;
      if (message.type === ECHO_REPLY) yield* this.reply(message);
      else yield* this.error(message);
    }
  }

  private *shown(address: Ipv4): Steps<string> {
    const digits = formatIpv4(address);
    if (this.numeric) return digits;
    if (this.named === null || this.named[0] !== address) {
      const name = yield* reverseLookup(this.process, address);
      this.named = [address, name === null ? digits : `${name} (${digits})`];
    }
    return this.named[1];
  }

  private *reply(message: IcmpMessage): Steps<void> {
    const { sequence } = message;
    const sent = this.sentAt.get(sequence);
    const microseconds = sent === undefined || !this.timed ? null : Math.round((message.at - sent) / 1000);
    const duplicate = this.statistics.reply(sequence, microseconds);
    const time = microseconds === null ? "" : ` time=${printTime(microseconds)} ms`;
    const bytes = message.payload.length + 8;
    const from = yield* this.shown(message.source);
    this.print(
      `${bytes} bytes from ${from}: icmp_seq=${sequence} ttl=${message.ttl}${time}${duplicate ? " (DUP!)" : ""}\n`,
    );
  }

  private *error(message: IcmpMessage): Steps<void> {
    this.statistics.acknowledge(message.sequence);
    if (message.type !== REDIRECT) this.statistics.errors++;
    const text = icmpErrorText(message.type, message.code, message.mtu);
    const from = yield* this.shown(message.source);
    this.print(`From ${from} icmp_seq=${message.sequence} ${text}\n`);
  }
}
