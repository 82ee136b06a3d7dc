import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** SHA-256 (FIPS 180-4) of bytes, as 64 hex digits: the same in the lab and in a browser, and at once. */
export const sha256 = (bytes: Uint8Array): string => bytesToHex(digest(bytes));
