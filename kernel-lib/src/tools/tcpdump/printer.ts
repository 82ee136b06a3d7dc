import {
  type CapturedFrame,
  LINKTYPE_ETHERNET,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
} from "../../wire/capture.js";
import { printSll, printSll2 } from "./cooked.js";
import { Dissection, type Dissectors, type Names, Truncated } from "./dissection.js";
import { asciiDump, defaultDump, hexAndAsciiDump, hexDump } from "./dumps.js";
import { printEthernet } from "./ethernet.js";
import { printIpv4 } from "./ipv4.js";
import { printIpv6 } from "./ipv6.js";
import { DEFAULT_PRINT_OPTIONS, type PrintOptions } from "./print-options.js";
import { Timestamps } from "./timestamp.js";

/** Longest frame that is printed (MAXIMUM_SNAPLEN). */
const MAXIMUM = 262144;
const DISSECTORS: Dissectors = { ethernet: printEthernet, ipv4: printIpv4, ipv6: printIpv6 };
const NO_NAMES: Names = { host: () => null, interface: () => null };

/** What a printer is made of, beside its options. */
export interface PrinterSettings {
  /** LINKTYPE_* of the frames; Ethernet when absent. */
  readonly linkType?: number;
  readonly options?: Partial<PrintOptions>;
  readonly names?: Names;
}

/**
 * Prints frames as tcpdump 4.99.3 does. It remembers TCP conversations and the time of the frame before, so print frames
 * of one capture with one printer, in order.
 */
export class FramePrinter {
  private readonly dissection: Dissection;
  private readonly timestamps: Timestamps;
  private readonly linkType: number;
  private count = 0;

  constructor({ linkType = LINKTYPE_ETHERNET, options = {}, names = NO_NAMES }: PrinterSettings = {}) {
    const all = { ...DEFAULT_PRINT_OPTIONS, ...options };
    this.linkType = linkType;
    this.dissection = new Dissection(all, names, DISSECTORS);
    this.timestamps = new Timestamps(all);
  }

  /** The text of one frame: its line, with what belongs to it, and the line end. */
  print(frame: CapturedFrame): string {
    this.count++;
    const d = this.dissection;
    const number = d.options.number ? `${String(this.count).padStart(5)}  ` : "";
    const invalid = invalidHeader(frame.bytes.length, frame.originalLength);
    if (invalid !== null) return `${number}${invalid}\n`;
    d.bytes = frame.bytes;
    d.end = frame.bytes.length;
    d.text = number + this.timestamps.text(frame);
    d.protocol = "";
    d.linkHeaderLength = 0;
    try {
      this.printLink(frame.originalLength);
    } catch (error) {
      if (!(error instanceof Truncated)) throw error;
      d.truncated();
      d.linkHeaderLength = 0;
    }
    d.end = frame.bytes.length;
    this.printDumps();
    return `${d.text}\n`;
  }

  private printLink(length: number): void {
    const d = this.dissection;
    if (this.linkType === LINKTYPE_ETHERNET) d.linkHeaderLength += printEthernet(d, 0, length);
    else if (this.linkType === LINKTYPE_LINUX_SLL) printSll(d, 0, length);
    else if (this.linkType === LINKTYPE_LINUX_SLL2) printSll2(d, 0, length);
    else {
      d.print("UNSUPPORTED");
      defaultDump(d, 0, d.end);
    }
  }

  private printDumps(): void {
    const d = this.dissection;
    const { hex, hexAndAscii, ascii } = d.options;
    const start =
      Math.max(hexAndAscii, hexAndAscii > 0 ? 0 : hex, hexAndAscii + hex > 0 ? 0 : ascii) > 1
        ? 0
        : d.linkHeaderLength;
    const length = d.end - start;
    if (length <= 0) return;
    if (hexAndAscii > 0) hexAndAsciiDump(d, "\n\t", start, length);
    else if (hex > 0) hexDump(d, "\n\t", start, length);
    else if (ascii > 0) asciiDump(d, start, length);
  }
}

/** What is wrong with a record's lengths (pretty_print_packet). */
function invalidHeader(captured: number, length: number): string | null {
  const faults: string[] = [];
  if (captured === 0) faults.push(" caplen==0");
  if (length === 0) faults.push(" len==0");
  else if (length < captured) faults.push(` len(${length}) < caplen(${captured})`);
  if (captured > MAXIMUM) faults.push(` caplen(${captured}) > ${MAXIMUM}`);
  if (length > MAXIMUM) faults.push(` len(${length}) > ${MAXIMUM}`);
  return faults.length === 0 ? null : `[Invalid header:${faults.join(",")}]`;
}
