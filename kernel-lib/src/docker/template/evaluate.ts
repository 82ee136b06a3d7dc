import { formatValue } from "../go/print.js";
import { goQuote } from "../go/text.js";
import { GoMap, GoNil, GoObject, GoStruct, type GoValue, isTrue, typeName } from "../go/value.js";
import { type Argument, FunctionError, TEMPLATE_FUNCTIONS, type TemplateFunction } from "./functions.js";
import {
  type Command,
  commandText,
  type Node,
  type Operand,
  operandText,
  type Pipe,
  pipeText,
} from "./nodes.js";
import { TemplateError } from "./template-error.js";

/** What `template.Option("missingkey=…")` decides: `<no value>`, or an error. */
export interface EvaluateOptions {
  readonly missingKeyIsError?: boolean;
}

/** Values that a pipeline stage passes on: none before the first one. */
type Final = { readonly value: Argument } | null;

/** Thrown by `{{break}}` and `{{continue}}`. */
class LoopExit {
  constructor(readonly kind: "break" | "continue") {}
}

interface Place {
  readonly at: number;
  readonly text: string;
}

/** Runs a parsed template over a value (text/template/exec.go). Throws TemplateError in Go's words. */
export class Evaluation {
  private variables: { name: string; value: Argument }[];
  private output = "";

  constructor(
    private readonly source: string,
    private readonly options: EvaluateOptions = {},
  ) {
    this.variables = [];
  }

  run(nodes: readonly Node[], data: GoValue): string {
    this.variables = [{ name: "$", value: data }];
    this.walk(nodes, data);
    return this.output;
  }

  private fail(place: Place, message: string): never {
    const before = this.source.slice(0, place.at);
    const line = before.split("\n").length;
    const column = before.length - (before.lastIndexOf("\n") + 1);
    throw new TemplateError(`template: :${line}:${column}: executing "" at <${place.text}>: ${message}`);
  }

  private walk(nodes: readonly Node[], dot: Argument): void {
    for (const node of nodes) this.walkNode(node, dot);
  }

  private walkNode(node: Node, dot: Argument): unknown {
    switch (node.kind) {
      case "text":
        this.output += node.text;
        return;
      case "action": {
        const value = this.pipe(node.pipe, dot);
        if (node.pipe.declared.length === 0) this.output += printed(value);
        return;
      }
      case "break":
      case "continue":
        throw new LoopExit(node.kind);
      case "range":
        return this.range(node, dot);
      case "if":
      case "with":
        return this.branch(node, dot);
    }
  }

  private branch(node: Extract<Node, { kind: "if" | "range" | "with" }>, dot: Argument): void {
    const known = this.variables.length;
    const value = this.pipe(node.pipe, dot);
    if (isTrue(value)) this.walk(node.list, node.kind === "with" ? value : dot);
    else if (node.otherwise !== null) this.walk(node.otherwise, dot);
    this.variables.length = known;
  }

  private range(node: Extract<Node, { kind: "if" | "range" | "with" }>, dot: Argument): void {
    const known = this.variables.length;
    const value = this.pipe(node.pipe, dot);
    const inside = this.variables.length;
    const entries = this.entries(node, value);
    const { declared } = node.pipe;
    try {
      for (const [key, item] of entries) {
        this.variables.length = inside;
        if (declared.length > 0) this.variables[inside - 1]!.value = item;
        if (declared.length > 1) this.variables[inside - 2]!.value = key;
        try {
          this.walk(node.list, item);
        } catch (exit) {
          if (!(exit instanceof LoopExit) || exit.kind === "break") throw exit;
        }
      }
    } catch (exit) {
      if (!(exit instanceof LoopExit)) throw exit;
    }
    if (entries.length === 0 && node.otherwise !== null) this.walk(node.otherwise, dot);
    this.variables.length = known;
  }

  private entries(
    node: Extract<Node, { kind: "if" | "range" | "with" }>,
    value: Argument,
  ): readonly (readonly [GoValue, GoValue])[] {
    if (Array.isArray(value)) return (value as GoValue[]).map((item, i) => [i, item]);
    if (value instanceof GoMap) return value.sorted();
    if (value === undefined || value instanceof GoNil) return [];
    if (typeof value === "number")
      return Array.from({ length: Math.max(0, value) }, (_, i) => [i, i] as const);
    return this.fail(
      { at: node.at, text: pipeText(node.pipe) },
      `range can't iterate over ${value === null ? "<nil>" : formatValue(value)}`,
    );
  }

  private pipe(pipe: Pipe, dot: Argument): Argument {
    let final: Final = null;
    for (const command of pipe.commands) final = { value: this.command(dot, command, final) };
    const value = final?.value;
    for (const name of pipe.declared) {
      const known = this.variables.findLast((variable) => variable.name === name);
      if (pipe.assigns && known !== undefined) known.value = value;
      else this.variables.push({ name, value });
    }
    return value;
  }

  private command(dot: Argument, command: Command, final: Final): Argument {
    const first = command.operands[0]!;
    switch (first.kind) {
      case "field":
        return this.fieldChain(
          dot,
          dot,
          { at: first.at, text: operandText(first) },
          first.path,
          command.operands.slice(1),
          final,
        );
      case "chain":
        return this.fieldChain(
          dot,
          this.chainBase(dot, first),
          { at: first.at, text: operandText(first) },
          first.path,
          command.operands.slice(1),
          final,
        );
      case "variable":
        if (first.path.length > 0)
          return this.fieldChain(
            dot,
            this.variable(first.name),
            { at: first.at, text: operandText(first) },
            first.path,
            command.operands.slice(1),
            final,
          );
        break;
      case "function":
        return this.call(dot, first, command, final);
      case "pipe":
        this.noArguments(command, final);
        return this.pipe(first.pipe, dot);
      default:
        break;
    }
    this.noArguments(command, final);
    if (first.kind === "nil") this.fail({ at: first.at, text: "nil" }, "nil is not a command");
    return this.operand(dot, first);
  }

  private noArguments(command: Command, final: Final): void {
    const first = command.operands[0]!;
    if (command.operands.length > 1 || final !== null)
      this.fail(
        { at: first.at, text: operandText(first) },
        `can't give argument to non-function ${operandText(first)}`,
      );
  }

  private operand(dot: Argument, operand: Operand): Argument {
    const place = { at: operand.at, text: operandText(operand) };
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "bool":
      case "number":
      case "string":
        return operand.value;
      case "field":
        return this.fieldChain(dot, dot, place, operand.path, [], null);
      case "variable": {
        const base = this.variable(operand.name);
        return operand.path.length === 0 ? base : this.fieldChain(dot, base, place, operand.path, [], null);
      }
      case "chain":
        return this.fieldChain(dot, this.chainBase(dot, operand), place, operand.path, [], null);
      case "function":
        return this.call(dot, operand, { at: operand.at, operands: [operand] }, null);
      case "pipe":
        return this.pipe(operand.pipe, dot);
    }
  }

  private chainBase(dot: Argument, chain: Extract<Operand, { kind: "chain" }>): Argument {
    if (chain.operand.kind === "nil")
      this.fail(
        { at: chain.at, text: operandText(chain) },
        `indirection through explicit nil in ${operandText(chain)}`,
      );
    return this.operand(dot, chain.operand);
  }

  private variable(name: string): Argument {
    return this.variables.findLast((variable) => variable.name === name)?.value;
  }

  private fieldChain(
    dot: Argument,
    base: Argument,
    place: Place,
    path: readonly string[],
    rest: readonly Operand[],
    final: Final,
  ): Argument {
    let value = base;
    path.forEach((name, i) => {
      const last = i === path.length - 1;
      value = this.field(
        value,
        name,
        place,
        last ? rest.map((operand) => () => this.operand(dot, operand)) : [],
        last ? final : null,
      );
    });
    return value;
  }

  private field(
    receiver: Argument,
    name: string,
    place: Place,
    rest: readonly (() => Argument)[],
    final: Final,
  ): Argument {
    const given = rest.length + (final === null ? 0 : 1);
    if (receiver === undefined) {
      if (this.options.missingKeyIsError) this.fail(place, `nil data; no entry for key ${goQuote(name)}`);
      return undefined;
    }
    if (receiver === null) return this.fail(place, `nil pointer evaluating interface {}.${name}`);
    if (receiver instanceof GoNil && receiver.kind === "pointer")
      return this.fail(place, `nil pointer evaluating *struct.${name}`);
    if (receiver instanceof GoObject)
      return this.method(receiver, name, place, [
        ...rest.map((get) => get()),
        ...(final === null ? [] : [final.value]),
      ]);
    if (receiver instanceof GoMap) {
      if (given > 0) this.fail(place, `${name} is not a method but has arguments`);
      if (!receiver.entries.has(name) && this.options.missingKeyIsError)
        this.fail(place, `map has no entry for key ${goQuote(name)}`);
      return receiver.entries.has(name) ? receiver.entries.get(name) : undefined;
    }
    const value = receiver instanceof GoStruct ? receiver.field(name) : undefined;
    if (receiver instanceof GoNil && receiver.kind === "map") return undefined;
    if (value === undefined) this.fail(place, `can't evaluate field ${name} in type ${typeName(receiver)}`);
    if (given > 0) this.fail(place, `${name} has arguments but cannot be invoked as function`);
    return value;
  }

  private method(receiver: GoObject, name: string, place: Place, given: readonly Argument[]): Argument {
    const method = receiver.methods.get(name);
    if (method === undefined)
      return this.fail(place, `can't evaluate field ${name} in type ${receiver.type}`);
    const wanted = receiver.withArgument.has(name) ? 1 : 0;
    if (given.length !== wanted)
      this.fail(place, `wrong number of args for ${name}: want ${wanted} got ${given.length}`);
    return method(given[0] === undefined ? undefined : String(given[0]));
  }

  private call(
    dot: Argument,
    operand: Extract<Operand, { kind: "function" }>,
    command: Command,
    final: Final,
  ): Argument {
    const made = TEMPLATE_FUNCTIONS.get(operand.name)!;
    const rest = command.operands.slice(1);
    const here = { at: operand.at, text: operand.name };
    const count = rest.length + (final === null ? 0 : 1);
    if (count < made.minimum && made.maximum === Infinity)
      this.fail(
        here,
        `wrong number of args for ${operand.name}: want at least ${made.minimum} got ${rest.length}`,
      );
    if (count < made.minimum || count > made.maximum)
      this.fail(here, `wrong number of args for ${operand.name}: want ${made.minimum} got ${count}`);
    if (operand.name === "and" || operand.name === "or") return this.lazy(operand.name, dot, rest, final);
    rest.forEach((argument, i) => {
      this.checkLiteral(made, i, argument);
    });
    const values = rest.map((argument) => ({
      value: this.operand(dot, argument),
      place: { at: argument.at, text: operandText(argument) },
    }));
    if (final !== null) values.push({ value: final.value, place: here });
    values.forEach(({ value, place }, i) => {
      this.checkType(made, i, value, place);
    });
    try {
      return made.call(...values.map(({ value }) => value));
    } catch (error) {
      if (error instanceof FunctionError)
        return this.fail(
          { at: command.at, text: commandText(command) },
          `error calling ${operand.name}: ${error.message}`,
        );
      throw error;
    }
  }

  private lazy(name: "and" | "or", dot: Argument, rest: readonly Operand[], final: Final): Argument {
    let value: Argument;
    for (const operand of rest) {
      value = this.operand(dot, operand);
      if (isTrue(value) === (name === "or")) return value;
    }
    return final === null ? value : final.value;
  }

  /** A literal of the wrong kind is refused before anything is evaluated. */
  private checkLiteral(made: TemplateFunction, i: number, operand: Operand): void {
    const wanted = made.parameters?.[i];
    const text = operandText(operand);
    if (wanted === "string" && (operand.kind === "number" || operand.kind === "bool"))
      this.fail({ at: operand.at, text }, `expected string; found ${text}`);
    if (wanted === "int" && (operand.kind === "string" || operand.kind === "bool"))
      this.fail({ at: operand.at, text }, `expected integer; found ${text}`);
  }

  private checkType(made: TemplateFunction, i: number, value: Argument, place: Place): void {
    const wanted = made.parameters?.[i];
    if (wanted === undefined) return;
    if (value === undefined || value === null) this.fail(place, `invalid value; expected ${wanted}`);
    if (wanted === "[]string" && (Array.isArray(value) || (value instanceof GoNil && value.kind === "slice")))
      return;
    const actual = typeName(value);
    if (actual !== wanted) this.fail(place, `wrong type for value; expected ${wanted}; got ${actual}`);
  }
}

/** What an action prints: pointers are followed once, so that no `&` is shown. */
function printed(value: Argument): string {
  if (value === undefined || value === null) return "<no value>";
  return formatValue(
    value instanceof GoStruct && value.pointer ? new GoStruct(value.type, value.fields) : value,
  );
}
