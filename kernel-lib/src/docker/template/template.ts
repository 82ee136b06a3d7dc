import type { GoValue } from "../go/value.js";
import { type EvaluateOptions, Evaluation } from "./evaluate.js";
import { TEMPLATE_FUNCTIONS } from "./functions.js";
import type { Node } from "./nodes.js";
import { parseTemplate } from "./parser.js";

const NAMES: ReadonlySet<string> = new Set(TEMPLATE_FUNCTIONS.keys());

/** A Go text/template with the functions of Docker's client, for `--format`. */
export class Template {
  private readonly nodes: readonly Node[];

  /** Throws TemplateError: `template: :1: unclosed action`. */
  constructor(readonly source: string) {
    this.nodes = parseTemplate("", source, NAMES);
  }

  /** Throws TemplateError: `template: :1:2: executing "" at <.Nope>: can't evaluate field Nope in type …`. */
  execute(data: GoValue, options: EvaluateOptions = {}): string {
    return new Evaluation(this.source, options).run(this.nodes, data);
  }
}
