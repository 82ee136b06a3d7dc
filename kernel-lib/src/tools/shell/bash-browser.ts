import type { ScriptNode } from "just-bash";
import { Bash } from "just-bash/browser";

/**
 * Stands for the package `just-bash` in a browser's bundle: its build for browsers gives the shell without the functions that read and write its language,
 * which the shell's own transformation has inside.
 */
export * from "just-bash/browser";

const reader = new Bash();

export function parse(text: string): ScriptNode {
  return reader.transform(text).ast;
}

export function serialize(script: ScriptNode): string {
  const writer = new Bash();
  writer.registerTransformPlugin({ name: "instead", transform: () => ({ ast: script }) });
  return writer.transform("").script;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes, one in a character, as UTF-8; as they are where they are none. */
export function decodeBytesToUtf8(bytes: string): string {
  if (/^[\x00-\x7f]*$/.test(bytes) || /[^\x00-\xff]/.test(bytes)) return bytes;
  try {
    return decoder.decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  } catch {
    return bytes;
  }
}
