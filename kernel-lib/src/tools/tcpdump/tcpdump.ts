import { KernelError } from "../../base/errno.js";
import type { Process, Program, Steps } from "../../host/process.js";
import {
  type CapturedFrame,
  type CaptureFile,
  CaptureFileError,
  LINKTYPE_ETHERNET,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
} from "../../wire/capture.js";
import { readCapture, writePcap } from "../../wire/pcap.js";
import { addressesOfName, hostsEntries } from "../hosts-file.js";
import { errnoText, steppedTool } from "../tool-exit.js";
import { type CommandLine, fail, readCommandLine } from "./command-line.js";
import type { Names } from "./dissection.js";
import { compileFilter, type FrameFilter } from "./filter/compile.js";
import { FilterError } from "./filter/filter-error.js";
import { ANY, devicesOf, listInterfaces } from "./interfaces.js";
import { LiveCapture } from "./live-capture.js";
import { FramePrinter } from "./printer.js";

const LINK_NAMES: ReadonlyMap<number, string> = new Map([
  [LINKTYPE_ETHERNET, "EN10MB (Ethernet)"],
  [LINKTYPE_LINUX_SLL, "LINUX_SLL (Linux cooked v1)"],
  [LINKTYPE_LINUX_SLL2, "LINUX_SLL2 (Linux cooked v2)"],
]);

/**
 * `tcpdump` 4.99.3. A capture on a device makes it promiscuous while it runs (a bridge device then sees the frames of its ports
 * too), unless -p. Options beyond those of `command-line.ts` are refused.
 */
export const tcpdump: Program = steppedTool(function* (process) {
  const line = readCommandLine(process.argv.slice(1));
  if (line.listInterfaces) {
    process.stdout.write(listInterfaces(process));
    return 0;
  }
  if (line.writeFile === "-" || line.readFile === "-")
    throw fail("standard input and output as capture files are not supported here");
  return line.readFile === null ? yield* capture(process, line) : printFile(process, line, line.readFile);
});

/** Where frames go: printed, counted, or into a file. */
class Sink {
  count = 0;
  private readonly kept: CapturedFrame[] = [];
  private readonly printer: FramePrinter;

  constructor(
    private readonly process: Process,
    private readonly line: CommandLine,
    private readonly linkType: number,
  ) {
    this.printer = new FramePrinter({ linkType, options: line.print, names: namesOf(process) });
    this.save();
  }

  take(frame: CapturedFrame): void {
    this.count++;
    const { writeFile, printToo, countOnly } = this.line;
    if (writeFile !== null) this.kept.push(frame);
    if ((writeFile === null || printToo) && !countOnly) this.process.stdout.write(this.printer.print(frame));
  }

  get full(): boolean {
    return this.line.count !== null && this.count >= this.line.count;
  }

  /** Writes the file of -w as it is now. */
  save(): void {
    const { writeFile, snapshotLength } = this.line;
    if (writeFile === null) return;
    try {
      this.process.files.write(writeFile, writePcap(this.kept, { linkType: this.linkType, snapshotLength }));
    } catch (error) {
      throw fail(`${writeFile}: ${errnoText(error)}`);
    }
  }
}

function namesOf(process: Process): Names {
  return {
    host: (address) => hostsEntries(process).find((entry) => entry.address === address)?.names[0] ?? null,
    interface: (index) => process.netns.devices.get(index)?.name ?? null,
  };
}

function filterOf(
  process: Process,
  line: CommandLine,
  linkType: number,
  live: { netmask: number } | null,
): FrameFilter {
  const resolveHost = (name: string) => addressesOfName(process, name);
  try {
    return compileFilter(line.filter, {
      linkType,
      resolveHost,
      live: live !== null,
      netmask: live?.netmask ?? 0,
    });
  } catch (error) {
    if (error instanceof FilterError) throw fail(error.message);
    throw error;
  }
}

function printFile(process: Process, line: CommandLine, path: string): number {
  const file = openFile(process, path);
  const { linkType, snapshotLength } = file;
  const description = LINK_NAMES.get(linkType) ?? String(linkType);
  process.stderr.write(
    `reading from file ${path}, link-type ${description}, snapshot length ${snapshotLength}\n`,
  );
  if (linkType === LINKTYPE_LINUX_SLL2) process.stderr.write("Warning: interface names might be incorrect\n");
  const filter = filterOf(process, line, linkType, null);
  const sink = new Sink(process, { ...line, snapshotLength }, linkType);
  for (const frame of file.frames) {
    if (sink.full) break;
    if (filter(frame.bytes, frame.originalLength)) sink.take(frame);
  }
  sink.save();
  const damaged = file.damage !== undefined && !sink.full;
  if (damaged) process.stderr.write(`tcpdump: pcap_loop: ${file.damage}\n`);
  if (line.countOnly) process.stdout.write(`${counted(sink.count)}\n`);
  return damaged ? 1 : 0;
}

function openFile(process: Process, path: string): CaptureFile {
  try {
    return readCapture(process.files.readBytes(path));
  } catch (error) {
    if (error instanceof CaptureFileError) throw fail(error.message);
    if (error instanceof KernelError) throw fail(`${path}: ${errnoText(error)}`);
    throw error;
  }
}

function* capture(process: Process, line: CommandLine): Steps<number> {
  const { name, devices } = devicesOf(process, line.interfaceName);
  const cooked = name === ANY;
  const linkType = cooked ? LINKTYPE_LINUX_SLL2 : LINKTYPE_ETHERNET;
  if (cooked) process.stderr.write("tcpdump: data link type LINUX_SLL2\n");
  const address = devices[0]?.addresses[0];
  const netmask = address === undefined || cooked ? 0 : prefixMaskOf(address.prefix);
  const filter = filterOf(process, line, linkType, { netmask });
  const sink = new Sink(process, line, linkType);
  const live = new LiveCapture(process, devices, cooked, line, filter);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.onSignal(signal, () => live.stop());
  try {
    const quiet = line.print.verbose === 0 && line.writeFile === null;
    process.stderr.write(
      `tcpdump: ${quiet ? "verbose output suppressed, use -v[v]... for full protocol decode\n" : ""}`,
    );
    process.stderr.write(
      `listening on ${name}, link-type ${LINK_NAMES.get(linkType)}, snapshot length ${line.snapshotLength} bytes\n`,
    );
    yield* takeAll(live, sink, line);
    if (live.stopped && line.writeFile === null) process.stdout.write("\n");
    sink.save();
    process.stderr.write(
      `${counted(sink.count)} captured\n${counted(live.received)} received by filter\n0 packets dropped by kernel\n`,
    );
    return 0;
  } finally {
    live.close();
  }
}

/** Hands frames on until there are enough of them, or the capture is stopped. */
function* takeAll(live: LiveCapture, sink: Sink, line: CommandLine): Steps<void> {
  for (;;) {
    for (let frame = live.next(); frame !== undefined; frame = live.next()) {
      sink.take(frame);
      if (sink.full) return;
    }
    if (live.stopped) return;
    yield line.count === null
      ? { kind: "outsider", queues: [live.changed] }
      : { kind: "wait", queues: [live.changed], deadline: null };
  }
}

function prefixMaskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

function counted(count: number): string {
  return `${count} packet${count === 1 ? "" : "s"}`;
}
