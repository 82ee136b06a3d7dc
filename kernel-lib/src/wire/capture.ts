/** Link types of capture files (LINKTYPE_*, www.tcpdump.org/linktypes.html). */
export const LINKTYPE_ETHERNET = 1;
/** Linux cooked capture, first form: a 16-byte header. */
export const LINKTYPE_LINUX_SLL = 113;
/** Linux cooked capture, second form: a 20-byte header with the interface's index. `tcpdump -i any` writes it. */
export const LINKTYPE_LINUX_SLL2 = 276;

/** The snapshot length tcpdump uses when none is asked for (MAXIMUM_SNAPLEN), in bytes. */
export const DEFAULT_SNAPSHOT_LENGTH = 262144;

/** One captured frame. */
export interface CapturedFrame {
  /** Whole seconds since the Unix epoch. */
  readonly seconds: number;
  /** The rest of the time, 0 to 999,999,999 ns. */
  readonly nanoseconds: number;
  /** The bytes kept, at most the snapshot length. */
  readonly bytes: Uint8Array;
  /** Length of the frame on the wire, in bytes. */
  readonly originalLength: number;
  readonly interfaceName?: string;
  readonly direction?: "in" | "out";
}

/** What a capture file holds. */
export interface CaptureFile {
  /** LINKTYPE_* of its (first) interface. */
  readonly linkType: number;
  /** Bytes. */
  readonly snapshotLength: number;
  readonly frames: readonly CapturedFrame[];
  /** Why reading stopped before the end of the file, in libpcap's words; absent for a whole file. */
  readonly damage?: string;
}

/** A file that cannot be read as a capture at all; the message is libpcap's. */
export class CaptureFileError extends Error {
  override readonly name = "CaptureFileError";
}
