/** A cell whose first line says how the rest of it is meant. */
export interface MagicCell {
  readonly kind: "sh" | "trace";
  /** The variable that holds the lab. */
  readonly lab: string;
  /** The machine on which the rest of the cell is bash; null where the rest is TypeScript. */
  readonly machine: string | null;
  /** The first line with its end. */
  readonly head: string;
  readonly body: string;
}

const FIRST_LINE = /^%%([A-Za-z]\w*)[ \t]*([^\n]*?)[ \t]*(?:\r?\n|$)/;
const PLACE = /^(?:([A-Za-z_$][\w$]*)\.)?([A-Za-z][\w-]*)$/;

const USAGE = "a cell begins with %%sh MACHINE, %%sh LAB.MACHINE, %%trace MACHINE or %%trace";

/**
 * Reads the first line of a cell: `%%sh docker01` (bash on that machine of the lab in the variable `lab`; `%%sh mesh.host-a` of another),
 * `%%trace docker01` (the same, and the packets that it sent), `%%trace` (TypeScript, and the packets). Null for a cell without such a line.
 * Throws a SyntaxError for a first line that begins so and is none of these.
 */
export function readMagic(source: string): MagicCell | null {
  if (!source.startsWith("%%")) return null;
  const found = FIRST_LINE.exec(source);
  const [head = "", kind = "", place = ""] = found ?? [];
  if (kind !== "sh" && kind !== "trace")
    throw wrong(`%%${kind || source.slice(2, 12)} is not known here; ${USAGE}`);
  const body = source.slice(head.length);
  if (kind === "trace" && place === "") return { kind, lab: "lab", machine: null, head, body };
  const [, lab = "lab", machine] = PLACE.exec(place) ?? [];
  if (machine === undefined) throw wrong(`%%${kind} ${place}: this is no machine; ${USAGE}`);
  return { kind, lab, machine, head, body };
}

/** The place in the library tells a reader nothing. */
function wrong(text: string): SyntaxError {
  return Object.assign(new SyntaxError(text), { stack: `SyntaxError: ${text}` });
}

/** Whether the text below a cell's first line is bash; false for a cell that is TypeScript, or whose first line is wrong. */
export function isShellCell(source: string): boolean {
  try {
    return (readMagic(source)?.machine ?? null) !== null;
  } catch {
    return false;
  }
}

/** A cell as TypeScript alone, each line where it was. Throws as {@link readMagic} does. */
export function plainCell(source: string): string {
  const magic = readMagic(source);
  if (magic === null) return source;
  const { lab, machine, kind, body } = magic;
  if (machine === null) return `await ${lab}.trace(async () => {\n${body}\n});`;
  const call = `${lab}.shellCell(${JSON.stringify(machine)}, ${JSON.stringify(body)}`;
  return kind === "sh" ? `await ${call});` : `await ${lab}.trace(() => ${call}, { show: true }));`;
}
