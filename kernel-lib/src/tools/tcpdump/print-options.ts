/** How frames are printed. */
export interface PrintOptions {
  /** -n: addresses and ports as numbers. */
  readonly numeric: boolean;
  /** -N: host names without their domain. */
  readonly shortNames: boolean;
  /** -e: the link header. */
  readonly link: boolean;
  /** -q, counted. */
  readonly quiet: number;
  /** -v, counted. */
  readonly verbose: number;
  /** -S: TCP sequence numbers as they are. */
  readonly absoluteSequence: boolean;
  /** -K: checksums unchecked. */
  readonly ignoreChecksums: boolean;
  /** -A, counted. */
  readonly ascii: number;
  /** -x, counted. */
  readonly hex: number;
  /** -X, counted. */
  readonly hexAndAscii: number;
  /** -t, counted. */
  readonly time: number;
  /** -#: the frame's number first. */
  readonly number: boolean;
  /** --nano: times with nine digits. */
  readonly nanoseconds: boolean;
}

export const DEFAULT_PRINT_OPTIONS: PrintOptions = {
  numeric: false,
  shortNames: false,
  link: false,
  quiet: 0,
  verbose: 0,
  absoluteSequence: false,
  ignoreChecksums: false,
  ascii: 0,
  hex: 0,
  hexAndAscii: 0,
  time: 0,
  number: false,
  nanoseconds: false,
};

/** With -q, -x or -X an unknown payload is not dumped by itself (ndo_suppress_default_print). */
export function dumpsUnknown(options: PrintOptions): boolean {
  return options.quiet + options.hex + options.hexAndAscii === 0;
}
