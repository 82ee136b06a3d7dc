/** Numbers and lines as iperf3 3.12 prints them (units.c, iperf_locale.c). */

const BYTES = ["Bytes", "KBytes", "MBytes", "GBytes", "TBytes"];
const BITS = ["bits", "Kbits", "Mbits", "Gbits", "Tbits"];

/** A count of bytes, in bytes by powers of 1024 or in bits by powers of 1000. `unit`: `A` or `a` for what fits, or one of kmgtKMGT: capitals are bytes. */
export function printUnits(bytes: number, unit: string): string {
  const inBytes = unit === unit.toUpperCase();
  const step = inBytes ? 1024 : 1000;
  let value = inBytes ? bytes : bytes * 8;
  let power = "AKMGT".indexOf(unit.toUpperCase());
  if (power > 0) value /= step ** power;
  else for (; value >= step && power < 4; power++) value /= step;
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits).padStart(4)} ${(inBytes ? BYTES : BITS)[power]}`;
}

/** C's %.2g. */
export function printTwoDigits(value: number): string {
  if (value === 0) return "0";
  const [mantissa = "", exponent = "0"] = value.toExponential(1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 2) return `${Number(value.toPrecision(2))}`;
  const sign = power < 0 ? "-" : "+";
  return `${mantissa.replace(/\.0$/, "")}e${sign}${`${Math.abs(power)}`.padStart(2, "0")}`;
}

export const RULE = "- - - - - - - - - - - - - - - - - - - - - - - - -\n";

/** What a line of a report is about. */
export interface Span {
  /** Number of the stream's descriptor, or null for the sum of all. */
  readonly id: number | null;
  /** Seconds since the start. */
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  /** Unit of the rate. */
  readonly unit: string;
}

/** The part that all lines begin with: `[  5]   0.00-1.00   sec   352 MBytes  2.95 Gbits/sec`. */
export function printSpan({ id, from, to, bytes, unit }: Span): string {
  const seconds = to - from;
  const rate = seconds > 0 ? bytes / seconds : 0;
  const name = id === null ? "SUM" : `${id}`.padStart(3);
  const times = `${from.toFixed(2).padStart(6)}-${to.toFixed(2).padEnd(6)}`;
  return `[${name}] ${times} sec  ${printUnits(bytes, "A")}  ${printUnits(rate, unit)}/sec`;
}

/** Loss and jitter of a UDP stream. */
export interface Quality {
  readonly jitter: number;
  readonly lost: number;
  readonly total: number;
}

export function printQuality({ jitter, lost, total }: Quality): string {
  const share = total > 0 ? (100 * lost) / total : 0;
  return `  ${(jitter * 1000).toFixed(3).padStart(5)} ms  ${lost}/${total} (${printTwoDigits(share)}%)`;
}
