import { inspect } from "node:util";
import { DISPLAY, type MimeBundle } from "../base/display.js";

const INSPECT = { depth: 4, breakLength: 100, maxStringLength: 10_000 } as const;

/** The same in Node and in a browser, which has no `Buffer`. */
const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** A bundle as JSON can carry it: bytes in base64, everything else as it is. */
export function wireBundle(bundle: MimeBundle): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const [type, data] of Object.entries(bundle)) {
    if (data === undefined) continue;
    wire[type] = data instanceof Uint8Array ? base64(data) : data;
  }
  return wire;
}

/**
 * The mime bundle of a cell's value: what its `Symbol.for("Jupyter.display")` method gives, with a plain text added when it
 * has none; for any other value the text of `util.inspect`.
 */
export async function bundleOf(value: unknown): Promise<Record<string, unknown>> {
  const show = displayMethod(value);
  if (!show) return { "text/plain": inspect(value, INSPECT) };
  const bundle = wireBundle((await show.call(value)) as MimeBundle);
  return "text/plain" in bundle ? bundle : { ...bundle, "text/plain": inspect(value, INSPECT) };
}

function displayMethod(value: unknown): (() => unknown) | null {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return null;
  const method = (value as { [DISPLAY]?: unknown })[DISPLAY];
  return typeof method === "function" ? (method as () => unknown) : null;
}
