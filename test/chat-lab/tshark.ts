import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasProgram } from "../support/requirement.js";

export const TSHARK = { met: hasProgram("tshark"), reason: "tshark is not installed" };

/** A row for each frame of a capture that the filter lets through, a field for each column. A field that a frame has more than once, outer and inner, stands with commas between. */
export function tsharkFields(pcap: Uint8Array, filter: string, names: readonly string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-chat-lab-"));
  try {
    const file = join(folder, "capture.pcap");
    writeFileSync(file, pcap);
    const checks = ["ip", "udp", "tcp"].flatMap((name) => ["-o", `${name}.check_checksum:TRUE`]);
    const columns = names.flatMap((name) => ["-e", name]);
    const { stdout, stderr, status } = spawnSync(
      "tshark",
      ["-r", file, ...checks, "-Y", filter, "-T", "fields", ...columns],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text of `resp.bulk_string.value`, or of another field of bytes. */
export function textOf(field: string): string[] {
  return field.split(",").map((hex) => Buffer.from(hex.replaceAll(":", ""), "hex").toString());
}
