import type { Process } from "../../host/process.js";
import type { Device, Tap } from "../../link/device.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import type { CapturedFrame } from "../../wire/capture.js";
import type { CommandLine } from "./command-line.js";
import { cook } from "./cook.js";
import type { FrameFilter } from "./filter/compile.js";

/** A capture under way: taps on devices, and the frames that passed the filter. */
export class LiveCapture {
  /** Wakes when a frame has come or the capture is stopped. */
  readonly changed: WaitQueue;
  stopped = false;
  /** Frames that passed: `packets received by filter`. */
  received = 0;
  private readonly pending: CapturedFrame[] = [];

  constructor(
    process: Process,
    private readonly devices: readonly Device[],
    /** Frames of several devices, with cooked headers. */
    private readonly cooked: boolean,
    private readonly line: CommandLine,
    private readonly filter: FrameFilter,
  ) {
    this.changed = new WaitQueue(process.host.world.scheduler);
    for (const device of devices) {
      device.addTap(this.tap);
      if (this.promiscuous) device.promiscuity++;
    }
  }

  /** Takes the oldest frame. */
  next(): CapturedFrame | undefined {
    return this.pending.shift();
  }

  stop(): void {
    this.stopped = true;
    this.changed.wakeAll();
  }

  close(): void {
    for (const device of this.devices) {
      device.removeTap(this.tap);
      if (this.promiscuous) device.promiscuity--;
    }
  }

  private get promiscuous(): boolean {
    return this.line.promiscuous && !this.cooked;
  }

  private readonly tap: Tap = (device, packet, direction) => {
    const { line } = this;
    if (this.stopped || (line.direction !== "inout" && line.direction !== direction)) return;
    // Each frame of a loopback device comes by twice; libpcap drops the outgoing one.
    if (device.kind === "loopback" && direction === "out") return;
    const bytes = this.cooked ? cook(device, packet) : packet.copyBytes();
    if (!this.filter(bytes, bytes.length, { outgoing: direction === "out", interfaceIndex: device.ifindex }))
      return;
    this.received++;
    const at = device.home.world.scheduler.now + packet.elapsed;
    this.pending.push({
      seconds: LAB_EPOCH_SECONDS + Math.floor(at / 1e9),
      nanoseconds: Math.floor(at % 1e9),
      bytes: bytes.subarray(0, line.snapshotLength),
      originalLength: bytes.length,
      interfaceName: device.name,
      direction,
    });
    this.changed.wakeAll();
  };
}
