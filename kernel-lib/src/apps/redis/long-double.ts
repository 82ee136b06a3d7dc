import { readDouble } from "./numbers.js";

/**
 * The x87's extended precision, in which Redis counts INCRBYFLOAT on a PC: a whole number times a power of two, with a significand of 64 bits.
 * With it 0.1 + 0.2 is 0.3. Divergence: a hexadecimal number is read as a double.
 */
export interface LongDouble {
  readonly significand: bigint;
  readonly exponent: number;
}

const SIGNIFICAND_BITS = 64;
/** Digits behind the point that Redis prints (`%.17Lf`). */
const DIGITS = 17;

/** The largest power of ten that fits (LDBL_MAX_10_EXP). */
const LARGEST_TEN = 4932;

/** Reads a number and rounds it to the nearest; null if it is none, and Infinity as itself. */
export function readLongDouble(text: string): LongDouble | number | null {
  const decimal = /^([+-]?)(?=\.?[0-9])([0-9]*)\.?([0-9]*)(?:e([+-]?[0-9]+))?$/i.exec(text);
  if (decimal === null) {
    const value = readDouble(text);
    return value === null || !Number.isFinite(value) ? value : fromDouble(value);
  }
  const [, sign, whole = "", fraction = "", power = "0"] = decimal;
  const digits = BigInt(`${whole}${fraction}`);
  const ten = Number(power) - fraction.length;
  if (digits === 0n) return { significand: 0n, exponent: 0 };
  if (digits.toString().length + ten > LARGEST_TEN || digits.toString().length + ten < -LARGEST_TEN)
    return null;
  const rounded = ten >= 0 ? round(digits * 10n ** BigInt(ten), 1n) : round(digits, 10n ** BigInt(-ten));
  return sign === "-" ? { ...rounded, significand: -rounded.significand } : rounded;
}

export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum =
    (a.significand << BigInt(a.exponent - exponent)) + (b.significand << BigInt(b.exponent - exponent));
  const rounded = round(sum < 0n ? -sum : sum, 1n);
  return {
    significand: sum < 0n ? -rounded.significand : rounded.significand,
    exponent: rounded.exponent + exponent,
  };
}

/** As `%.17Lf` without the zeros at its end. */
export function formatLongDouble({ significand, exponent }: LongDouble): string {
  const size = significand < 0n ? -significand : significand;
  const scale = 10n ** BigInt(DIGITS);
  const scaled =
    exponent >= 0 ? (size << BigInt(exponent)) * scale : divide(size * scale, 1n << BigInt(-exponent));
  const digits = scaled.toString().padStart(DIGITS + 1, "0");
  const fraction = digits.slice(-DIGITS).replace(/0+$/, "");
  const whole = digits.slice(0, -DIGITS);
  const text = fraction === "" ? whole : `${whole}.${fraction}`;
  return significand < 0n && text !== "0" ? `-${text}` : text;
}

/** The nearest number of 64 significant bits to a fraction that is not negative. */
function round(numerator: bigint, denominator: bigint): LongDouble {
  if (numerator === 0n) return { significand: 0n, exponent: 0 };
  let exponent = bits(numerator) - bits(denominator) - SIGNIFICAND_BITS;
  let significand = scaledQuotient(numerator, denominator, exponent);
  if (bits(significand) > SIGNIFICAND_BITS) significand = scaledQuotient(numerator, denominator, ++exponent);
  while (significand !== 0n && significand % 2n === 0n) {
    significand /= 2n;
    exponent++;
  }
  return { significand, exponent };
}

function scaledQuotient(numerator: bigint, denominator: bigint, exponent: number): bigint {
  return exponent >= 0
    ? divide(numerator, denominator << BigInt(exponent))
    : divide(numerator << BigInt(-exponent), denominator);
}

/** To the nearest, a half to the even. */
function divide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

function fromDouble(value: number): LongDouble {
  let exponent = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent--;
  }
  return { significand: BigInt(scaled), exponent };
}
