import type { Process, Steps } from "../../../host/process.js";
import { utf8Bytes } from "../byte-text.js";
import { quoted } from "../quoted.js";
import type { CliClient } from "./client.js";
import { shown } from "./format.js";

/** `redis-cli --scan`: all keys, one a line; in quotes at a terminal. */
export function* scanKeys(process: Process, client: CliClient, pattern: string): Steps<number> {
  let cursor = "0";
  do {
    const words = ["SCAN", cursor, ...(pattern === "*" ? [] : ["MATCH", utf8Bytes(pattern)])];
    const reply = yield* client.request(words);
    if (reply === null) return 1;
    if (reply.kind === "error") {
      process.stdout.write(`ERROR: ${reply.text}\n`);
      return 1;
    }
    if (reply.kind !== "array") return 1;
    const [next, keys] = reply.items;
    cursor = next?.kind === "string" ? next.text : "0";
    for (const key of keys?.kind === "array" ? keys.items : []) {
      if (key.kind !== "string") continue;
      process.stdout.write(`${client.form === "standard" ? quoted(key.text) : shown(key.text)}\n`);
    }
  } while (cursor !== "0");
  return 0;
}
