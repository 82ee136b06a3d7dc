/** A hash function over whole messages. */
export interface Digest {
  readonly block: number;
  readonly hash: (message: Uint8Array) => Uint8Array;
}

/** Pads a message to whole blocks of 64 bytes with its length in bits (FIPS 180-4 §5.1.1; MD5 has it the other way round). */
function padded(message: Uint8Array, littleEndian: boolean): DataView {
  const length = (((message.length + 8) >> 6) + 1) << 6;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  const high = Math.floor(message.length / 2 ** 29);
  const low = (message.length << 3) >>> 0;
  view.setUint32(length - (littleEndian ? 4 : 8), high, littleEndian);
  view.setUint32(length - (littleEndian ? 8 : 4), low, littleEndian);
  return view;
}

const left = (word: number, by: number) => (word << by) | (word >>> (32 - by));
const right = (word: number, by: number) => (word >>> by) | (word << (32 - by));

function words(state: Int32Array, littleEndian = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(state.length * 4));
  for (const [i, word] of state.entries()) view.setInt32(i * 4, word, littleEndian);
  return new Uint8Array(view.buffer);
}

function sha1(message: Uint8Array): Uint8Array {
  const view = padded(message, false);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const w = new Int32Array(80);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 80; i++) w[i] = left(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const f =
        i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const k = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(i / 20)]!;
      const next = (left(a, 5) + f + e + k + w[i]!) | 0;
      [e, d, c, b, a] = [d, c, left(b, 30), a, next];
    }
    for (const [i, word] of [a, b, c, d, e].entries()) state[i] = (state[i]! + word) | 0;
  }
  return words(state);
}

/** The first bits behind the point of the roots of the first primes (FIPS 180-4 §4.2.2, §5.3.3). */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
const fraction = (value: number) => ((value - Math.floor(value)) * 2 ** 32) | 0;
const SHA256_K = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)));
const SHA256_START = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));

function sha256(message: Uint8Array): Uint8Array {
  const view = padded(message, false);
  const state = SHA256_START.slice();
  const w = new Int32Array(64);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      w[i] =
        (w[i - 16]! +
          (right(x, 7) ^ right(x, 18) ^ (x >>> 3)) +
          w[i - 7]! +
          (right(y, 17) ^ right(y, 19) ^ (y >>> 10))) |
        0;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < 64; i++) {
      const t1 =
        (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + SHA256_K[i]! + w[i]!) | 0;
      const t2 = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i]! + word) | 0;
  }
  return words(state);
}

const MD5_K = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
const MD5_TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

function md5(message: Uint8Array): Uint8Array {
  const view = padded(message, true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f =
        round === 0
          ? (b & c) | (~b & d)
          : round === 1
            ? (d & b) | (~d & c)
            : round === 2
              ? b ^ c ^ d
              : c ^ (b | ~d);
      const g = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! % 16;
      const sum = (a + f + MD5_K[i]! + view.getInt32(at + g * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + left(sum, MD5_TURNS[round]![i % 4]!)) | 0];
    }
    for (const [i, word] of [a, b, c, d].entries()) state[i] = (state[i]! + word) | 0;
  }
  return words(state, true);
}

/** The hash functions by the names that `createHash` takes. */
export const DIGESTS: Readonly<Record<string, Digest>> = {
  md5: { block: 64, hash: md5 },
  sha1: { block: 64, hash: sha1 },
  sha256: { block: 64, hash: sha256 },
};

/** HMAC (RFC 2104). */
export function hmac({ block, hash }: Digest, key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > block ? hash(key) : key;
  const pad = (byte: number, rest: Uint8Array) => {
    const bytes = new Uint8Array(block + rest.length).fill(byte, 0, block);
    for (const [i, one] of short.entries()) bytes[i] = byte ^ one;
    bytes.set(rest, block);
    return bytes;
  };
  return hash(pad(0x5c, hash(pad(0x36, message))));
}
