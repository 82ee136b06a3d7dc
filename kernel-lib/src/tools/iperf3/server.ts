import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Process, Steps } from "../../host/process.js";
import { until, untilOutsider } from "../../host/waits.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { openSocket, socketOwner } from "../net/stream.js";
import { errnoText, ToolExit } from "../tool-exit.js";
import { UDP_ANSWER } from "./client.js";
import { COOKIE_LENGTH, Control, STATE, type TestParameters } from "./control.js";
import { valuesOf } from "./counters.js";
import { type Flow, tcpFlow, udpFlow } from "./flow.js";
import type { IperfOptions } from "./options.js";
import { printSummary, type ReportShape } from "./report.js";
import { resultsOf, TestRun } from "./test-run.js";

const LISTEN_FD = 3;
const FIRST_FD = 5;
const BANNER_RULE = `${"-".repeat(59)}\n`;

/** `iperf3 -s`: one test after the other, until it is killed; one only with -1. */
export function* runServer(process: Process, options: IperfOptions): Steps<number> {
  const server = new Server(process, options);
  try {
    return yield* server.run();
  } finally {
    server.close();
  }
}

class Server {
  private readonly listener: TcpSocket;
  private interrupted = false;
  private current: TestRun | null = null;

  constructor(
    private readonly process: Process,
    private readonly options: IperfOptions,
  ) {
    this.listener = openSocket(process, LISTEN_FD);
    this.listener.options.reuseAddress = true;
    const address = options.bind === null ? 0 : tryParseIpv4(options.bind);
    try {
      if (address === null) throw new KernelError("EADDRNOTAVAIL");
      this.listener.bind(address, options.port);
      this.listener.listen(5);
    } catch (error) {
      this.listener.close();
      const text = `iperf3: error - unable to start listener for connections: ${errnoText(error)}\niperf3: exiting\n`;
      throw new ToolExit(1, text);
    }
  }

  close(): void {
    this.listener.close();
  }

  private print(text: string): void {
    this.process.stdout.write(text);
  }

  *run(): Steps<number> {
    this.process.onSignal("SIGINT", () => {
      this.interrupted = true;
      if (this.current !== null) this.current.interrupted = true;
      this.listener.wait.wakeAll();
    });
    for (let test = 1; ; test++) {
      this.print(`${BANNER_RULE}Server listening on ${this.options.port} (test #${test})\n${BANNER_RULE}`);
      const socket = yield* this.accepted();
      if (socket === null) {
        this.process.stderr.write("iperf3: interrupt - the server has terminated\n");
        return 1;
      }
      yield* this.serve(new Control(this.process, socket));
      if (this.options.oneOff) return 0;
    }
  }

  private *accepted(): Steps<TcpSocket | null> {
    while (!this.interrupted) {
      const socket = this.listener.accept();
      if (socket !== null) return socket;
      yield* untilOutsider([this.listener.wait]);
    }
    return null;
  }

  /** One test; a client that goes away ends it. */
  private *serve(control: Control): Steps<void> {
    const { remote } = control.socket;
    const flows: Flow[] = [];
    try {
      const cookie = yield* control.bytes(COOKIE_LENGTH);
      this.print(`Accepted connection from ${formatIpv4(remote.address)}, port ${remote.port}\n`);
      yield* control.sendState(STATE.exchangeParameters);
      const parameters = (yield* control.json()) as TestParameters;
      yield* this.openStreams(control, cookie, parameters, flows);
      yield* control.sendState(STATE.testStart);
      yield* control.sendState(STATE.testRunning);
      yield* this.test(control, parameters, flows);
    } catch (error) {
      if (!(error instanceof ToolExit)) throw error;
      this.process.stderr.write("iperf3: the client has unexpectedly closed the connection\n");
    } finally {
      this.current = null;
      for (const flow of flows) flow.close();
      control.socket.close();
    }
  }

  private *openStreams(
    control: Control,
    cookie: Uint8Array,
    parameters: TestParameters,
    flows: Flow[],
  ): Steps<void> {
    const { udp = false, parallel, len, MSS = 0 } = parameters;
    this.listener.options.maximumSegment = MSS;
    if (udp) {
      const first = this.listenUdp(FIRST_FD);
      yield* control.sendState(STATE.createStreams);
      yield* this.acceptUdp(first, parallel, len, flows);
    } else {
      yield* control.sendState(STATE.createStreams);
      while (flows.length < parallel) {
        const fd = flows.length === 0 ? FIRST_FD : FIRST_FD + 1 + 2 * flows.length;
        const socket = yield* this.nextStream(cookie);
        flows.push(tcpFlow(socket, fd, len));
        this.printStream(fd, socket.local, socket.remote);
      }
    }
  }

  private printStream(
    fd: number,
    local: { readonly address: Ipv4; readonly port: number },
    remote: { readonly address: Ipv4; readonly port: number },
  ): void {
    this.print(
      `[${`${fd}`.padStart(3)}] local ${formatIpv4(local.address)} port ${local.port} connected to ${formatIpv4(remote.address)} port ${remote.port}\n`,
    );
  }

  /** The next connection with the test's cookie; another client is sent away. */
  private *nextStream(cookie: Uint8Array): Steps<TcpSocket> {
    for (;;) {
      const socket = this.listener.accept();
      if (socket === null) {
        yield* until([this.listener.wait]);
        continue;
      }
      const stream = new Control(this.process, socket);
      const shown = yield* stream.bytes(COOKIE_LENGTH);
      if (shown.every((byte, i) => byte === cookie[i])) return socket;
      deny(socket);
    }
  }

  private turnAway(): void {
    for (let socket = this.listener.accept(); socket !== null; socket = this.listener.accept()) deny(socket);
  }

  private listenUdp(fd: number) {
    const socket = this.process.netns.udp.socket();
    socket.holder = socketOwner(this.process, fd);
    socket.owner = socket.holder.name;
    socket.reuseAddress = true;
    socket.bind(this.options.bind === null ? 0 : (tryParseIpv4(this.options.bind) ?? 0), this.options.port);
    return socket;
  }

  /** A stream begins with a datagram: the listening socket becomes the stream's, and a new one listens. */
  private *acceptUdp(
    first: ReturnType<Server["listenUdp"]>,
    parallel: number,
    length: number,
    flows: Flow[],
  ): Steps<void> {
    let socket = first;
    while (flows.length < parallel) {
      const hello = socket.receive();
      if (hello === null) {
        yield* until([socket.wait]);
        continue;
      }
      const fd = FIRST_FD + flows.length;
      socket.connect(hello.source, hello.sourcePort);
      flows.push(udpFlow(socket, fd, length));
      this.printStream(
        fd,
        { address: socket.localAddress, port: socket.localPort },
        { address: hello.source, port: hello.sourcePort },
      );
      const listening = socket;
      if (flows.length < parallel) socket = this.listenUdp(fd + 1);
      listening.sendTo(UDP_ANSWER);
    }
  }

  private *test(control: Control, parameters: TestParameters, flows: readonly Flow[]): Steps<void> {
    const { udp = false, reverse = false, bandwidth = 0 } = parameters;
    const shape: ReportShape = { udp, sends: reverse, unit: this.options.format };
    const { interval } = this.options;
    const { process } = this;
    const others = { wait: this.listener.wait, turnAway: () => this.turnAway() };
    const run = new TestRun({
      process,
      control,
      flows,
      shape,
      rate: bandwidth,
      interval,
      limits: null,
      others,
    });
    this.current = run;
    let said = yield* run.run();
    const seconds = run.elapsed;
    const ends = flows.map(({ id, counters }) => {
      const own = { seconds, values: valuesOf(counters) };
      return reverse ? { id, sender: own, receiver: null } : { id, sender: null, receiver: own };
    });
    if (said !== STATE.testEnd) {
      if (said === STATE.clientTerminates) process.stderr.write("iperf3: the client has terminated\n");
      else yield* control.sendState(STATE.serverTerminates);
      this.print(printSummary(ends, shape));
      return;
    }
    yield* control.sendState(STATE.exchangeResults);
    yield* control.json();
    yield* control.sendJson(resultsOf(flows, reverse, udp, seconds));
    yield* control.sendState(STATE.displayResults);
    this.print(printSummary(ends, shape));
    said = yield* control.state();
  }
}

/** Tells a client that a test is under way. */
function deny(socket: TcpSocket): void {
  socket.send(Uint8Array.of(STATE.accessDenied));
  socket.close();
}
