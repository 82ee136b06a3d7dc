import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { nodeError } from "../errors.js";
import type { Runtime } from "../runtime.js";

type Bytes = string | Uint8Array;

/** The hash functions by the names that `createHash` takes. */
const DIGESTS: Readonly<Record<string, typeof sha256 | typeof sha1 | typeof md5>> = { md5, sha1, sha256 };

/** `node:crypto`: hashes and chance, which comes from the lab's seed. No ciphers, keys and certificates. */
export function cryptoModule(runtime: Runtime): unknown {
  const { random, loop } = runtime;
  const { Buffer } = runtime.core<{ Buffer: BufferConstructor }>("buffer");
  const bytesOf = (data: Bytes, encoding?: string) =>
    typeof data === "string" ? Buffer.from(data, (encoding ?? "utf8") as BufferEncoding) : data;
  const digest = (name: string) => {
    const found = DIGESTS[name.toLowerCase().replace("-", "")];
    if (found === undefined)
      throw nodeError("ERR_OSSL_EVP_UNSUPPORTED", `the digest "${name}" is not supported here`);
    return found;
  };
  const gather = (finish: (all: Uint8Array) => Uint8Array) => {
    const parts: Uint8Array[] = [];
    const made = {
      update: (data: Bytes, encoding?: string) => {
        parts.push(bytesOf(data, encoding));
        return made;
      },
      digest: (encoding?: string) => {
        const result = Buffer.from(finish(Buffer.concat(parts)));
        return encoding === undefined || encoding === "buffer"
          ? result
          : result.toString(encoding as BufferEncoding);
      },
    };
    return made;
  };
  const fill = <T extends ArrayBufferView>(target: T): T => {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = random.uint32();
    return target;
  };
  const randomBytes = (size: number, callback?: (error: null, bytes: Buffer) => void) => {
    const bytes = fill(Buffer.alloc(size));
    if (callback === undefined) return bytes;
    loop.tick(() => callback(null, bytes));
    return undefined;
  };
  const randomUUID = () => {
    const bytes = fill(new Uint8Array(16));
    bytes[6] = (bytes[6]! & 15) | 64;
    bytes[8] = (bytes[8]! & 63) | 128;
    return Buffer.from(bytes)
      .toString("hex")
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };
  const webcrypto = { getRandomValues: fill, randomUUID };
  return {
    createHash: (name: string) => gather(digest(name)),
    createHmac: (name: string, key: Bytes) => gather((all) => hmac(digest(name), bytesOf(key), all)),
    hash: (name: string, data: Bytes, encoding = "hex") =>
      Buffer.from(digest(name)(bytesOf(data))).toString(encoding as BufferEncoding),
    getHashes: () => Object.keys(DIGESTS),
    randomBytes,
    randomFillSync: fill,
    randomFill: (target: Uint8Array, callback: (error: null, target: Uint8Array) => void) =>
      loop.tick(() => callback(null, fill(target))),
    randomInt: (low: number, high?: number) =>
      high === undefined ? random.between(0, low - 1) : random.between(low, high - 1),
    randomUUID,
    getRandomValues: fill,
    timingSafeEqual: (a: Uint8Array, b: Uint8Array) => {
      if (a.byteLength !== b.byteLength)
        throw nodeError(
          "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
          "Input buffers must have the same byte length",
          RangeError,
        );
      return a.every((byte, i) => byte === b[i]);
    },
    webcrypto,
    constants: {},
  };
}
