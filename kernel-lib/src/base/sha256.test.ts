import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sha256 } from "./sha256.js";

it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000])("is SHA-256 of %i bytes", (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + 3) & 255);
  expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
});
