import type { JupyterMessage } from "./message.js";
import type { Output } from "./notebook.js";

/** The outputs of one cell, gathered from the kernel's messages as nbformat 4.5 stores them. */
export class CellResults {
  readonly outputs: Output[] = [];
  readonly #displays: Map<string, Output[]>;
  #clearNext = false;

  /** `displays` maps display ids to outputs, over all cells of a notebook: an update may come from a later cell. */
  constructor(displays: Map<string, Output[]> = new Map()) {
    this.#displays = displays;
  }

  take(message: JupyterMessage): void {
    const { content } = message;
    switch (message.header.msg_type) {
      case "stream":
        this.#stream(content.name as "stdout" | "stderr", String(content.text));
        break;
      case "display_data":
        this.#show({ output_type: "display_data", ...bundle(content) }, content.transient);
        break;
      case "execute_result": {
        const execution_count = content.execution_count as number;
        this.#show({ output_type: "execute_result", execution_count, ...bundle(content) }, content.transient);
        break;
      }
      case "update_display_data":
        this.#update(content);
        break;
      case "error":
        this.#add({
          output_type: "error",
          ename: String(content.ename),
          evalue: String(content.evalue),
          traceback: (content.traceback as string[]) ?? [],
        });
        break;
      case "clear_output":
        if (content.wait === true) this.#clearNext = true;
        else this.outputs.length = 0;
        break;
    }
  }

  #add(output: Output): void {
    if (this.#clearNext) this.outputs.length = 0;
    this.#clearNext = false;
    this.outputs.push(output);
  }

  /** Text behind text of the same stream is one output, as Jupyter's own front ends store it. */
  #stream(name: "stdout" | "stderr", text: string): void {
    const last = this.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name && !this.#clearNext) last.text += text;
    else this.#add({ output_type: "stream", name, text });
  }

  #show(output: Output, transient: unknown): void {
    this.#add(output);
    const id = displayId(transient);
    if (id !== null) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }

  #update(content: Record<string, unknown>): void {
    const id = displayId(content.transient);
    for (const output of (id !== null && this.#displays.get(id)) || []) {
      if (output.output_type === "display_data" || output.output_type === "execute_result")
        Object.assign(output, bundle(content));
    }
  }
}

function displayId(transient: unknown): string | null {
  const id = (transient as { display_id?: unknown } | undefined)?.display_id;
  return typeof id === "string" ? id : null;
}

function bundle(content: Record<string, unknown>): {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
} {
  return {
    data: (content.data as Record<string, unknown>) ?? {},
    metadata: (content.metadata as Record<string, unknown>) ?? {},
  };
}
