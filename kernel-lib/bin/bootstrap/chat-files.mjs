import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("../../../chapters/05-chat/app", import.meta.url));

/** The text of the module `apps/chat/files.js`: the files of the chat application of chapter 5, by name. */
export function chatFiles() {
  const files = readdirSync(app)
    .sort()
    .map((name) => [name, readFileSync(`${app}/${name}`, "utf8")]);
  return `export const CHAT_FILES = ${JSON.stringify(Object.fromEntries(files))};\n`;
}
