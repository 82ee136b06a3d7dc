/**
 * How a value shows itself in a notebook. A value that has a method under {@link DISPLAY} is shown as the mime bundle that
 * the method returns; JupyterLab picks the richest form that it can draw.
 */
export type MimeBundle = { readonly [mimeType: string]: unknown };

/** The key of the display method: the same symbol that tslab and Deno's kernel use. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

export interface Displayable {
  [DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

/** Where a running kernel listens for displays made in the middle of a cell. */
const SINK = Symbol.for("hopbook.display");

export interface DisplayOptions {
  /** Displays with one id are one output, redrawn in place. */
  readonly id?: string;
  /** True redraws the earlier display with this id. */
  readonly update?: boolean;
}

export type DisplaySink = (bundle: MimeBundle, options: DisplayOptions) => void;

/** Sets the receiver of {@link display} (the kernel does it once); null takes it away. */
export function setDisplaySink(sink: DisplaySink | null): void {
  (globalThis as { [SINK]?: DisplaySink | null })[SINK] = sink;
}

/** Whether a notebook's kernel listens. */
export function hasDisplaySink(): boolean {
  return Boolean((globalThis as { [SINK]?: DisplaySink | null })[SINK]);
}

/**
 * Shows a value now, not only as the last value of a cell. Outside a notebook it prints the plain-text form. Await it where the value draws
 * a picture first (plots), so that displays keep their order.
 */
export async function display(value: Displayable | MimeBundle, options: DisplayOptions = {}): Promise<void> {
  const bundle = DISPLAY in value ? await (value as Displayable)[DISPLAY]() : (value as MimeBundle);
  const sink = (globalThis as { [SINK]?: DisplaySink | null })[SINK];
  if (sink) sink(bundle, options);
  else console.log(String(bundle["text/plain"] ?? ""));
}
