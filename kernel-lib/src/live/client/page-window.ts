/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Output } from "../../base/notebook.js";

/** An editor in the place of a cell's code. */
export interface CellEditor {
  readonly text: string;
  setText(text: string): void;
  focus(): void;
}

export interface EditorOptions {
  readonly text: string;
  /** What a reader who hears the page is told. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** Shift-Enter. */
  readonly onRun: () => void;
}

/** What `live-view.js` gives: it comes with the first run. */
export interface View {
  /** The outputs as the page shows those of the book: `number` is the cell's, 1 for the notebook's first. */
  outputsInto(box: HTMLElement, outputs: readonly Output[], number: number): void;
}

/** What `live-editor.js` gives: it comes when a reader edits. */
export type OpenEditor = (box: HTMLElement, options: EditorOptions) => CellEditor;

/** What tests and other scripts of the page find of the live cells. */
export interface LivePage {
  runAll(): Promise<boolean>;
  run(id: string): Promise<boolean>;
  setSource(id: string, source: string): void;
  stop(): void;
  reset(): void;
  outputs(id: string): readonly Output[];
}

declare global {
  interface Window {
    hopbookView?: View;
    hopbookEditor?: OpenEditor;
    hopbookTexts?: Record<string, () => void>;
    hopbookLive?: LivePage;
    hopbookPage?: { dress(box: Element): void };
    hopbookStories?: { begin(story: Element): void };
    hopbookPlots?: { begin(figure: Element): void };
  }
}

const loading = new Map<string, Promise<void>>();

/** Loads a script of the book's own once. */
export function loadScript(name: string): Promise<void> {
  const known = loading.get(name);
  if (known) return known;
  const loaded = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `assets/${name}`;
    script.onload = () => resolve();
    script.onerror = () => {
      loading.delete(name);
      reject(new Error(`${name} does not load`));
    };
    document.head.append(script);
  });
  loading.set(name, loaded);
  return loaded;
}

export async function loadView(): Promise<View> {
  await loadScript("live-view.js");
  return window.hopbookView!;
}

export async function loadEditor(): Promise<OpenEditor> {
  await loadScript("live-editor.js");
  return window.hopbookEditor!;
}

/** A worker's script, which stands in the comment of a function in a file of its own. */
export async function loadText(name: string): Promise<Blob> {
  await loadScript(`live-${name}.js`);
  const text = String(window.hopbookTexts![name]);
  const script = text.slice(text.indexOf("/*") + 2, text.lastIndexOf("*/")).replaceAll("*\x01/", "*/");
  return new Blob([script], { type: "text/javascript" });
}
