import type { Output } from "../../base/notebook.js";
import { CellResults } from "../../jupyter/cell-results.js";
import type { Kernel, RunEnd } from "./kernel.js";
import { type CellEditor, loadEditor, loadView } from "./page-window.js";

/** A code cell as the page's data has it. */
export interface CellSource {
  readonly id: string;
  readonly source: string;
  readonly tags: readonly string[];
}

export type CellState = "rest" | "waiting" | "running" | "done" | "failed" | "stopped";

/** Displays with one id are one output, over all cells of the page. */
export type Displays = Map<string, never[]>;

/** One code cell of the page: its source, which a reader may change, and the outputs of its last run. */
export class LiveCell {
  source: string;
  outputs: readonly Output[] = [];
  state: CellState = "rest";
  /** The cell's part of the page; a cell may be hidden. */
  readonly section: HTMLElement | null;
  private editor: CellEditor | null = null;
  private editorBox: HTMLElement | null = null;
  private box: HTMLElement | null = null;
  private frame = 0;
  onState: (cell: LiveCell) => void = () => undefined;

  constructor(
    readonly given: CellSource,
    /** The cell's number among all cells: pictures within the page have ids by it. */
    readonly number: number,
  ) {
    this.source = given.source;
    this.section = document.querySelector<HTMLElement>(`[data-cell="${CSS.escape(given.id)}"]`);
  }

  get input(): HTMLElement | null {
    return this.section?.querySelector<HTMLElement>(".input") ?? null;
  }

  setState(state: CellState): void {
    this.state = state;
    if (this.section) this.section.dataset.live = state;
    this.onState(this);
  }

  async run(kernel: Kernel, displays: Displays): Promise<RunEnd> {
    const results = new CellResults(displays);
    this.setState("running");
    // What shows the outputs comes while the library starts; one that does not come is told when they are shown.
    void loadView().catch(() => undefined);
    const end = await kernel.run(this.source, (type, content) => {
      results.take({ header: { msg_type: type }, content } as never);
      this.outputs = results.outputs as readonly Output[];
      this.drawSoon();
    });
    this.outputs = results.outputs as readonly Output[];
    await this.draw();
    if (end !== null) this.input?.setAttribute("data-count", String(end.count));
    this.setState(end === null ? "stopped" : end.ok ? "done" : "failed");
    return end;
  }

  /** The reader writes where the code stood. */
  async edit(onRun: () => void): Promise<void> {
    const { input } = this;
    if (input === null) return;
    const openEditor = await loadEditor();
    if (this.editor === null) {
      this.editorBox = document.createElement("div");
      this.editorBox.className = "live-editor";
      for (const child of input.children) (child as HTMLElement).hidden = true;
      input.append(this.editorBox);
      const onChange = (text: string) => {
        this.source = text;
      };
      const label = `Code of cell ${input.dataset.count ?? this.number}; Escape, then Tab, leaves it`;
      this.editor = openEditor(this.editorBox, { text: this.source, label, onChange, onRun });
    }
    this.editor.focus();
  }

  setSource(source: string): void {
    this.source = source;
    this.editor?.setText(source);
  }

  /** The cell as the book has it. */
  reset(): void {
    this.setSource(this.given.source);
    this.outputs = [];
    this.editorBox?.remove();
    this.editor = null;
    this.editorBox = null;
    for (const child of this.input?.children ?? []) (child as HTMLElement).hidden = false;
    this.box?.remove();
    this.box = null;
    for (const output of this.stored()) output.hidden = false;
    this.setState("rest");
  }

  private drawSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.state === "running") void this.draw();
    });
  }

  private async draw(): Promise<void> {
    if (this.section === null) return;
    const view = await loadView();
    view.outputsInto(this.outputBox(), this.outputs, this.number);
  }

  /** The outputs that the page came with, and the buttons that belong to them. */
  private stored(): HTMLElement[] {
    const all = this.section?.querySelectorAll<HTMLElement>(".output, .whole-button, .data-table") ?? [];
    return [...all].filter((element) => !element.closest(".live-outputs"));
  }

  private outputBox(): HTMLElement {
    if (this.box !== null) return this.box;
    const box = document.createElement("div");
    box.className = "live-outputs";
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", `What cell ${this.number} printed now`);
    const stored = this.stored();
    if (stored[0]) stored[0].before(box);
    else if (this.input) this.input.after(box);
    else this.section?.append(box);
    for (const output of stored) output.hidden = true;
    this.box = box;
    return box;
  }
}
