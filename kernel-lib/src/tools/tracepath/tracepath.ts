import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import { ERRNO_TEXT, type Errno, KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { UdpError } from "../../socket/udp-errors.js";
import type { UdpSocket } from "../../socket/udp-socket.js";
import { ICMP_TIME_EXCEEDED } from "../../wire/icmp.js";
import { LOOKUP_FAILURES, lookup, nameOrDigits } from "../net/resolve.js";
import { socketOwner } from "../net/stream.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { readTracepathOptions, type TracepathOptions } from "./options.js";

/** Headers of IPv4 and UDP. */
const OVERHEAD = 28;
const LONGEST = 65535;
/** Ports are used in turn. */
const PORTS = 64;
const HOST_COLUMN = 52;
/** The head of a probe: its TTL and when it was sent (struct probehdr). */
const PROBE_HEAD = 24;

/** How one probe, or the errors that it brought, ended. */
type Progress = "finished" | "silence" | "progress";

/** `tracepath` of iputils 20221126: UDP probes that may not be fragmented, with a growing TTL; the path MTU is what the errors say. */
export const tracepath: Program = steppedTool(function* (process): Steps<number> {
  const options = readTracepathOptions(process.argv);
  const { addresses, failure } = yield* lookup(process, options.destination);
  const [address] = addresses;
  if (address === undefined)
    throw new ToolExit(1, `tracepath: ${options.destination}: ${LOOKUP_FAILURES[failure ?? "noname"]}\n`);
  if (options.length !== 0 && options.length <= OVERHEAD)
    throw new ToolExit(1, `tracepath: pktlen must be within: ${OVERHEAD} < value <= 2147483647\n`);
  const run = new PathProbe(process, options, address);
  try {
    yield* run.everyHop();
  } finally {
    run.socket.close();
  }
  return 0;
});

/** One run: its socket, and what it knows of the path. */
class PathProbe {
  readonly socket: UdpSocket;
  private mtu: number;
  private ttl = 0;
  private turn = 0;
  private hopsTo = -1;
  private hopsBack = -1;
  /** TTL and time of the last probe to each port. */
  private readonly sent = new Map<number, { readonly ttl: number; readonly at: Nanoseconds }>();

  constructor(
    private readonly process: Process,
    private readonly options: TracepathOptions,
    private readonly address: Ipv4,
  ) {
    this.mtu = options.length === 0 ? LONGEST : options.length;
    this.socket = process.netns.udp.socket();
    this.socket.dontFragment = true;
    this.socket.receiveErrors = true;
    this.socket.holder = socketOwner(process);
    this.socket.owner = this.socket.holder.name;
  }

  private get now(): Nanoseconds {
    return this.process.host.world.scheduler.now;
  }

  private print(text: string): void {
    this.process.stdout.write(text);
  }

  *everyHop(): Steps<void> {
    let finished = false;
    for (this.ttl = 1; this.ttl <= this.options.hops && !finished; this.ttl++)
      finished = yield* this.oneHop();
    if (!finished) this.print(`     Too many hops: pmtu ${this.mtu}\n`);
    const to = this.hopsTo < 0 ? "" : `hops ${this.hopsTo} `;
    const back = this.hopsBack < 0 ? "" : `back ${this.hopsBack} `;
    this.print(`     Resume: pmtu ${this.mtu} ${to}${back}\n`);
  }

  /** Up to three probes with one TTL, and three more whenever the path turns out to be narrower. True when the way ends here. */
  private *oneHop(): Steps<boolean> {
    this.socket.ttl = this.ttl;
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = this.mtu;
      const progress = yield* this.probe();
      if (this.mtu !== before) attempt = -1;
      else if (progress === "finished") return true;
      else if (progress === "progress") return false;
    }
    this.print(`${`${this.ttl}`.padStart(2)}:  no reply\n`);
    return false;
  }

  private *probe(): Steps<Progress> {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (this.send()) {
        this.turn = (this.turn + 1) % PORTS;
        return yield* this.answer();
      }
      const progress = yield* this.readErrors();
      if (progress === "finished") return progress;
      if (progress === "progress") attempt = -1;
    }
    this.turn = (this.turn + 1) % PORTS;
    this.print(`${`${this.ttl}`.padStart(2)}:  send failed\n`);
    return "finished";
  }

  /** Sends a probe as long as the path is wide so far; false when the kernel refuses. */
  private send(): boolean {
    const port = (this.options.port + this.turn) & 0xffff;
    const bytes = new Uint8Array(this.mtu - OVERHEAD);
    const view = new DataView(new ArrayBuffer(PROBE_HEAD));
    view.setUint32(0, this.ttl, true);
    view.setUint32(8, Math.floor(this.now / 1e9), true);
    view.setUint32(16, this.now % 1e9, true);
    bytes.set(new Uint8Array(view.buffer).subarray(0, bytes.length));
    try {
      this.socket.sendTo(bytes, this.address, port);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return false;
    }
    this.sent.set(port, { ttl: this.ttl, at: this.now });
    return true;
  }

  /** Waits a second at most for what the probe brings. */
  private *answer(): Steps<Progress> {
    const deadline = this.now + seconds(1);
    for (;;) {
      if (this.hasReply()) {
        this.print(`${`${this.ttl}`.padStart(2)}?: reply received 8)\n`);
        return "finished";
      }
      const progress = yield* this.readErrors();
      if (progress !== "silence" || this.now >= deadline) return progress;
      yield* until([this.socket.wait], deadline);
    }
  }

  private hasReply(): boolean {
    try {
      return (this.socket.receive()?.bytes.length ?? 0) > 0;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return false;
    }
  }

  /** Prints every error that waits (recverr in tracepath.c). */
  private *readErrors(): Steps<Progress> {
    let progress: Progress = "silence";
    for (let error = this.socket.receiveError(); error !== null; error = this.socket.receiveError()) {
      const at = this.now;
      progress = "progress";
      const probe = error.origin === "icmp" ? this.sent.get(error.port) : undefined;
      this.sent.delete(error.port);
      yield* this.printPlace(error, probe?.ttl ?? -1);
      if (probe !== undefined) this.print(`${printTime(at - probe.at)} `);
      if (this.printMeaning(error, probe?.ttl ?? -1)) return "finished";
    }
    return progress;
  }

  private *printPlace({ origin, offender }: UdpError, hops: number): Steps<void> {
    const ttl = `${hops > 0 ? hops : this.ttl}`.padStart(2);
    if (origin === "local") {
      this.print(`${ttl}?: ${"[LOCALHOST]".padEnd(32)} `);
      return;
    }
    const digits = formatIpv4(offender);
    const { numeric, both } = this.options;
    const name = numeric ? digits : yield* nameOrDigits(this.process, offender);
    const place = both ? `${name ?? "???"} (${digits})` : (name ?? "???");
    this.print(
      `${ttl}${hops > 0 ? ":  " : "?: "}${place}${" ".repeat(Math.max(1, HOST_COLUMN - place.length))}`,
    );
  }

  /** What the error says about the path; true when the way ends with it. */
  private printMeaning(error: UdpError, hops: number): boolean {
    const back = hopsBack(error.ttl);
    if (error.errno === "EMSGSIZE") {
      this.print(`pmtu ${error.info}\n`);
      this.mtu = error.info;
      return false;
    }
    if (error.type === ICMP_TIME_EXCEEDED && error.code === 0) {
      const expected = hops < 0 ? this.ttl : hops;
      this.print(back === expected ? "\n" : `asymm ${`${back}`.padStart(2)} \n`);
      return false;
    }
    if (error.errno === "ECONNREFUSED") {
      this.print("reached\n");
      this.hopsTo = hops < 0 ? this.ttl : hops;
      this.hopsBack = back;
      return true;
    }
    this.printEnd(error.errno);
    return true;
  }

  private printEnd(errno: Errno): void {
    const mark = ENDS[errno];
    this.print(`${mark ?? ""}\n`);
    if (mark === undefined) this.process.stderr.write(`tracepath: NET ERROR: ${ERRNO_TEXT[errno]}\n`);
  }
}

const ENDS: Readonly<Partial<Record<Errno, string>>> = {
  EPROTO: "!P",
  EHOSTUNREACH: "!H",
  ENETUNREACH: "!N",
  EACCES: "!A",
};

/** Hops that an answer made, from its TTL: the nearest of the usual first values, 64, 128 and 255. */
function hopsBack(ttl: number): number {
  if (ttl <= 64) return 65 - ttl;
  return ttl <= 128 ? 129 - ttl : 256 - ttl;
}

/** Milliseconds with three decimals, at least seven wide. */
function printTime(time: Nanoseconds): string {
  const microseconds = Math.floor(time / 1000);
  return `${`${Math.floor(microseconds / 1000)}`.padStart(3)}.${`${microseconds % 1000}`.padStart(3, "0")}ms`;
}
