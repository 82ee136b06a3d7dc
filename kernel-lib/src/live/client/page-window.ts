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

/** What `live-view.js` gives: it comes with the first run, or when a reader edits. */
export interface View {
  /** The outputs as the page shows those of the book: `number` is the cell's, 1 for the notebook's first. */
  outputsInto(box: HTMLElement, outputs: readonly Output[], number: number): void;
  edit(box: HTMLElement, options: EditorOptions): CellEditor;
}

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
    hopbookLibrary?: string;
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
