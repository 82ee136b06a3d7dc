import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { PrintOptions } from "../../kernel-lib/src/tools/tcpdump/print-options.js";
import { FramePrinter } from "../../kernel-lib/src/tools/tcpdump/printer.js";
import { readCapture } from "../../kernel-lib/src/wire/pcap.js";

const TEST = fileURLToPath(new URL("..", import.meta.url));

/** Paths of the recordings and of the made captures, from the test folder on. */
export function capturesUnder(folder: string): string[] {
  return readdirSync(`${TEST}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".pcap"))
    .map((name) => `${folder}/${name}`)
    .sort();
}

export function bytesOf(path: string): Uint8Array {
  return readFileSync(`${TEST}${path}`);
}

export function textOf(path: string): string {
  const bytes = readFileSync(`${TEST}${path}`);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
}

/** What our printer makes of a capture. */
export function printed(path: string, options: Partial<PrintOptions>): string {
  const file = readCapture(bytesOf(path));
  const names = {
    host: (address: number) => (address === 0x7f000001 ? "localhost" : null),
    interface: (index: number) => (index === 1 ? "lo" : null),
  };
  const printer = new FramePrinter({ linkType: file.linkType, options, names });
  return file.frames.map((frame) => printer.print(frame)).join("");
}
