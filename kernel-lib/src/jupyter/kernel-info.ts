import { readFileSync } from "node:fs";
import { PROTOCOL_VERSION } from "./message.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** The language as Jupyter knows it: also written into a notebook's `metadata.language_info`. */
export const LANGUAGE_INFO = {
  name: "typescript",
  version: "5.0.4",
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  // JupyterLab reads `mode`; the classic notebook needs `name` with the flag.
  codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
} as const;

/** The content of `kernel_info_reply`. */
export const KERNEL_INFO = {
  status: "ok",
  protocol_version: PROTOCOL_VERSION,
  implementation: "hopbook",
  implementation_version: version,
  language_info: LANGUAGE_INFO,
  banner: `Hopbook ${version}: TypeScript with type checking, on Node ${process.versions.node}`,
  debugger: false,
  help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
};
