/** The tree of a parsed template (text/template/parse/node.go). `at` is the offset of the node in the text, for messages. */
export type Operand =
  | { readonly kind: "dot"; readonly at: number }
  | { readonly kind: "nil"; readonly at: number }
  | { readonly kind: "bool"; readonly at: number; readonly value: boolean }
  | { readonly kind: "number"; readonly at: number; readonly value: number; readonly text: string }
  | { readonly kind: "string"; readonly at: number; readonly value: string; readonly text: string }
  | { readonly kind: "field"; readonly at: number; readonly path: readonly string[] }
  | {
      readonly kind: "variable";
      readonly at: number;
      readonly name: string;
      readonly path: readonly string[];
    }
  | {
      readonly kind: "chain";
      readonly at: number;
      readonly operand: Operand;
      readonly path: readonly string[];
    }
  | { readonly kind: "function"; readonly at: number; readonly name: string }
  | { readonly kind: "pipe"; readonly at: number; readonly pipe: Pipe };

/** A first word and its arguments. */
export interface Command {
  readonly at: number;
  readonly operands: readonly Operand[];
}

export interface Pipe {
  readonly at: number;
  readonly line: number;
  readonly declared: readonly string[];
  /** `=` to an existing variable instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | {
      readonly kind: "if" | "range" | "with";
      readonly at: number;
      readonly pipe: Pipe;
      readonly list: readonly Node[];
      readonly otherwise: readonly Node[] | null;
    }
  | { readonly kind: "break" | "continue" };

/** An operand as messages show it: `.State.Pid`, `$v.IPAddress`, `index`. */
export function operandText(operand: Operand): string {
  switch (operand.kind) {
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(operand.value);
    case "number":
    case "string":
      return operand.text;
    case "field":
      return `.${operand.path.join(".")}`;
    case "variable":
      return [operand.name, ...operand.path].join(".");
    case "chain":
      return `${operand.operand.kind === "pipe" ? operandText(operand.operand) : operandText(operand.operand)}.${operand.path.join(".")}`;
    case "function":
      return operand.name;
    case "pipe":
      return `(${pipeText(operand.pipe)})`;
  }
}

export function commandText(command: Command): string {
  return command.operands.map(operandText).join(" ");
}

export function pipeText(pipe: Pipe): string {
  const names = pipe.declared.length > 0 ? `${pipe.declared.join(", ")} ${pipe.assigns ? "=" : ":="} ` : "";
  return names + pipe.commands.map(commandText).join(" | ");
}
