import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { UdpSocket } from "../../socket/udp-socket.js";
import { lookup } from "../net/resolve.js";
import { connect, openSocket, sendAll, socketOwner } from "../net/stream.js";
import { errnoText, ToolExit } from "../tool-exit.js";
import {
  COOKIE_LENGTH,
  COOKIE_LETTERS,
  Control,
  STATE,
  type TestParameters,
  type TestResults,
} from "./control.js";
import { type CounterValues, valuesOf } from "./counters.js";
import { type Flow, tcpFlow, udpFlow } from "./flow.js";
import type { IperfOptions } from "./options.js";
import { printSummary, type ReportShape, type StreamEnds } from "./report.js";
import { resultsOf, TestRun } from "./test-run.js";

const TCP_BLOCK = 131072;
/** What a UDP stream begins with, and its answer. */
export const UDP_HELLO: Uint8Array = Uint8Array.from([0x39, 0x38, 0x37, 0x36]);
export const UDP_ANSWER: Uint8Array = Uint8Array.from([0x36, 0x37, 0x38, 0x39]);
/** Descriptors as the real program has them: the control connection, then every second one a stream. */
const CONTROL_FD = 4;
const FIRST_FD = 5;

const fail = (text: string): ToolExit => new ToolExit(1, `iperf3: error - ${text}\n`);

/** `iperf3 -c HOST`: one test. */
export function* runClient(process: Process, options: IperfOptions): Steps<number> {
  const { addresses } = yield* lookup(process, options.host ?? "");
  const [address] = addresses;
  if (address === undefined) throw fail("unable to connect to server: Resource temporarily unavailable");
  const client = new Client(process, options, address);
  try {
    return yield* client.run();
  } finally {
    client.close();
  }
}

class Client {
  private readonly cookie: Uint8Array;
  private readonly control: Control;
  private readonly flows: Flow[] = [];
  private readonly shape: ReportShape;
  private length = 0;

  constructor(
    private readonly process: Process,
    private readonly options: IperfOptions,
    private readonly address: Ipv4,
  ) {
    const { random, scheduler } = process.host.world;
    const chance = random.fork(`iperf3/${process.host.name}/${process.pid}/${scheduler.now}`);
    this.cookie = new Uint8Array(COOKIE_LENGTH);
    for (let i = 0; i < COOKIE_LENGTH - 1; i++)
      this.cookie[i] = COOKIE_LETTERS.charCodeAt(chance.between(0, 31));
    this.control = new Control(process, openSocket(process, CONTROL_FD));
    this.shape = { udp: options.udp, sends: !options.reverse, unit: options.format };
  }

  close(): void {
    for (const flow of this.flows) flow.close();
    this.control.socket.close();
  }

  private print(text: string): void {
    this.process.stdout.write(text);
  }

  *run(): Steps<number> {
    yield* this.connectControl();
    const { host, port, reverse } = this.options;
    this.print(`Connecting to host ${host}, port ${port}\n`);
    if (reverse) this.print(`Reverse mode, remote host ${host} is sending\n`);
    yield* this.control.sendCookie(this.cookie);
    yield* this.expect(STATE.exchangeParameters);
    yield* this.control.sendJson(this.parameters());
    yield* this.expect(STATE.createStreams);
    for (let i = 0; i < this.options.streams; i++) this.flows.push(yield* this.openStream(FIRST_FD + 2 * i));
    yield* this.expect(STATE.testStart);
    yield* this.expect(STATE.testRunning);
    return yield* this.test();
  }

  private *connectControl(): Steps<void> {
    const { socket } = this.control;
    try {
      socket.options.maximumSegment = this.options.maximumSegment;
      if (this.options.bind !== null) socket.bind(this.source(), 0);
      yield* connect(this.process, socket, this.address, this.options.port, null);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      throw fail(`unable to connect to server: ${errnoText(error)}`);
    }
    this.length = this.options.length || (this.options.udp ? socket.info.mss : TCP_BLOCK);
  }

  private source(): Ipv4 {
    const address = this.options.bind === null ? 0 : tryParseIpv4(this.options.bind);
    if (address === null) throw fail("unable to connect to server: Cannot assign requested address");
    return address;
  }

  private parameters(): TestParameters {
    const { udp, time, bytes, blocks, maximumSegment, noDelay, streams, reverse, rate } = this.options;
    return {
      ...(udp ? { udp: true } : { tcp: true }),
      omit: 0,
      time,
      num: bytes,
      blockcount: blocks,
      ...(maximumSegment > 0 ? { MSS: maximumSegment } : {}),
      ...(noDelay ? { nodelay: true } : {}),
      parallel: streams,
      ...(reverse ? { reverse: true } : {}),
      len: this.length,
      ...(rate > 0 ? { bandwidth: rate } : {}),
      pacing_timer: 1000,
      client_version: "3.12",
    };
  }

  /** The next state of the test; any other than the one that is due ends it. */
  private *expect(state: number): Steps<void> {
    const found = yield* this.control.state();
    if (found !== state) throw refusal(found);
  }

  private *openStream(fd: number): Steps<Flow> {
    const opened = this.options.udp ? yield* this.openUdp(fd) : yield* this.openTcp(fd);
    const { local, remote } = opened;
    this.print(
      `[${`${fd}`.padStart(3)}] local ${formatIpv4(local.address)} port ${local.port} connected to ${formatIpv4(remote.address)} port ${remote.port}\n`,
    );
    return opened.flow;
  }

  private *openTcp(fd: number) {
    const socket = openSocket(this.process, fd);
    socket.options.maximumSegment = this.options.maximumSegment;
    socket.options.noDelay = this.options.noDelay;
    try {
      if (this.options.bind !== null) socket.bind(this.source(), 0);
      yield* connect(this.process, socket, this.address, this.options.port, null);
      yield* sendAll(this.process, socket, this.cookie);
    } catch (error) {
      socket.close();
      if (!(error instanceof KernelError)) throw error;
      throw fail(`unable to connect stream: ${errnoText(error)}`);
    }
    return { flow: tcpFlow(socket, fd, this.length), local: socket.local, remote: socket.remote };
  }

  private *openUdp(fd: number) {
    const socket = this.process.netns.udp.socket();
    socket.holder = socketOwner(this.process, fd);
    socket.owner = socket.holder.name;
    try {
      if (this.options.bind !== null) socket.bind(this.source(), 0);
      socket.connect(this.address, this.options.port);
      socket.sendTo(UDP_HELLO);
      yield* this.awaitAnswer(socket);
    } catch (error) {
      socket.close();
      if (!(error instanceof KernelError)) throw error;
      throw fail(`unable to read from stream socket: ${errnoText(error)}`);
    }
    const local = { address: socket.localAddress, port: socket.localPort };
    const remote = { address: socket.remoteAddress, port: socket.remotePort };
    return { flow: udpFlow(socket, fd, this.length), local, remote };
  }

  /** The server says that it knows the stream; it waits 30 s for that. */
  private *awaitAnswer(socket: UdpSocket): Steps<void> {
    const { scheduler } = this.process.host.world;
    const deadline = scheduler.now + seconds(30);
    while (socket.receive() === null) {
      if (scheduler.now >= deadline) throw new KernelError("EAGAIN");
      yield* until([socket.wait], deadline);
    }
  }

  private *test(): Steps<number> {
    const { process, control, flows, shape, options, length } = this;
    const { rate, interval, time, bytes, blocks } = options;
    const limits = { time, bytes, blocks, length };
    const run = new TestRun({ process, control, flows, shape, rate, interval, limits });
    process.onSignal("SIGINT", () => {
      run.interrupted = true;
      control.socket.wait.wakeAll();
    });
    const said = yield* run.run();
    const seconds = run.elapsed;
    if (said !== null) throw refusal(said);
    if (run.interrupted) return yield* this.giveUp(seconds);
    yield* control.sendState(STATE.testEnd);
    yield* this.expect(STATE.exchangeResults);
    yield* control.sendJson(resultsOf(flows, shape.sends, shape.udp, seconds));
    const results = (yield* control.json()) as TestResults;
    yield* this.expect(STATE.displayResults);
    this.print(printSummary(this.ends(seconds, results), shape));
    yield* control.sendState(STATE.done);
    this.print("\niperf Done.\n");
    return 0;
  }

  private ends(seconds: number, results: TestResults | null): readonly StreamEnds[] {
    return this.flows.map(({ id, counters }, i): StreamEnds => {
      const own = { seconds, values: valuesOf(counters) };
      const stream = results?.streams[i];
      const other = {
        seconds: stream?.end_time ?? seconds,
        values: { ...NO_VALUES, ...(stream === undefined ? {} : told(stream)) },
      };
      return this.shape.sends ? { id, sender: own, receiver: other } : { id, sender: other, receiver: own };
    });
  }

  /** Interrupted: the server is told, and what is known is printed. */
  private *giveUp(seconds: number): Steps<number> {
    yield* this.control.sendState(STATE.clientTerminates);
    this.print(printSummary(this.ends(seconds, null), this.shape));
    this.process.stderr.write("iperf3: interrupt - the client has terminated\n");
    return 1;
  }
}

const NO_VALUES: CounterValues = { bytes: 0, packets: 0, lost: 0, jitter: 0, retransmitted: 0, window: 0 };

function told(stream: TestResults["streams"][number]): Partial<CounterValues> {
  const { bytes, packets, errors: lost, jitter, retransmits } = stream;
  return { bytes, packets, lost, jitter, retransmitted: Math.max(0, retransmits) };
}

function refusal(state: number): ToolExit {
  if (state === STATE.accessDenied) return fail("the server is busy running a test. try again later");
  if (state === STATE.serverTerminates) return new ToolExit(1, "iperf3: error - the server has terminated\n");
  return fail("received an unknown control message");
}
