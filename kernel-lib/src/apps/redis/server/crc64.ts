/** CRC-64 (Jones) as an RDB file ends with it, reflected polynomial (Redis 7.0, crc64.c). */
const POLYNOMIAL = 0x95ac9329ac4bc9b5n;

const LOW = new Uint32Array(256);
const HIGH = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let crc = BigInt(i);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
  LOW[i] = Number(crc & 0xffffffffn);
  HIGH[i] = Number(crc >> 32n);
}

/** The eight bytes of the checksum, least significant first. */
export function crc64(bytes: Uint8Array): Uint8Array {
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    const at = (low ^ byte) & 255;
    low = ((low >>> 8) | (high << 24)) ^ LOW[at]!;
    high = (high >>> 8) ^ HIGH[at]!;
  }
  const sum = new Uint8Array(8);
  const view = new DataView(sum.buffer);
  view.setUint32(0, low >>> 0, true);
  view.setUint32(4, high >>> 0, true);
  return sum;
}
