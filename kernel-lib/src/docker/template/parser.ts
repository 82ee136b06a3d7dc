import { goQuote, goUnquote } from "../go/text.js";
import { type Item, type ItemKind, type Items, lex } from "./lexer.js";
import type { Command, Node, Operand, Pipe } from "./nodes.js";
import { TemplateError } from "./template-error.js";

/** Parses a template (text/template/parse/parse.go). `functions` are the names that may be called. Throws TemplateError. */
export function parseTemplate(name: string, input: string, functions: ReadonlySet<string>): readonly Node[] {
  return new Parser(name, lex(name, input), functions).run();
}

type Terminator =
  | { readonly kind: "end" }
  | { readonly kind: "else"; readonly chained: "if" | "with" | null };

const OPERAND_KINDS = new Set<ItemKind>([
  "bool",
  "charConstant",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);

class Parser {
  private index = 0;
  private variables: string[] = ["$"];
  private rangeDepth = 0;
  private actionLine = 0;

  constructor(
    private readonly name: string,
    private readonly source: Items,
    private readonly functions: ReadonlySet<string>,
  ) {}

  run(): Node[] {
    const nodes: Node[] = [];
    while (this.peekNonSpace().kind !== "eof") {
      const node = this.textOrAction();
      if (isTerminator(node)) this.fail(`unexpected ${terminatorText(node)}`);
      nodes.push(node);
    }
    return nodes;
  }

  private fail(message: string): never {
    const line = this.source.items[Math.min(this.index, this.source.items.length) - 1]?.line ?? 1;
    throw new TemplateError(`template: ${this.name}:${line}: ${message}`);
  }

  private unexpected(item: Item, context: string): never {
    const action =
      this.actionLine !== 0 && this.actionLine !== item.line
        ? ` in action started at ${this.name}:${this.actionLine}`
        : "";
    if (item.kind === "eof" && action !== "")
      return this.fail(`unclosed action started at ${this.name}:${this.actionLine}`);
    return this.fail(`unexpected ${itemText(item)} in ${context}${action}`);
  }

  private next(): Item {
    const item = this.source.items[this.index];
    if (item === undefined) throw this.source.error ?? new TemplateError("unexpected EOF");
    this.index++;
    return item;
  }

  private peek(): Item {
    const item = this.next();
    this.index--;
    return item;
  }

  private nextNonSpace(): Item {
    let item = this.next();
    while (item.kind === "space") item = this.next();
    return item;
  }

  private peekNonSpace(): Item {
    const item = this.nextNonSpace();
    this.index--;
    return item;
  }

  private expect(kind: ItemKind, context: string): Item {
    const item = this.nextNonSpace();
    if (item.kind !== kind) this.unexpected(item, context);
    return item;
  }

  private itemList(): { list: Node[]; end: Terminator } {
    const list: Node[] = [];
    while (this.peekNonSpace().kind !== "eof") {
      const node = this.textOrAction();
      if (isTerminator(node)) return { list, end: node };
      list.push(node);
    }
    this.index++;
    return this.fail("unexpected EOF");
  }

  private textOrAction(): Node | Terminator {
    const item = this.nextNonSpace();
    if (item.kind === "text") return { kind: "text", text: item.text };
    if (item.kind !== "leftDelim") this.unexpected(item, "input");
    this.actionLine = item.line;
    const node = this.action();
    this.actionLine = 0;
    return node;
  }

  private action(): Node | Terminator {
    const item = this.nextNonSpace();
    if (item.kind === "keyword") {
      switch (item.text) {
        case "if":
        case "range":
        case "with":
          return this.control(item.text);
        case "else":
          return this.elseControl();
        case "end":
          this.expect("rightDelim", "end");
          return { kind: "end" };
        case "break":
        case "continue":
          this.expect("rightDelim", `{{${item.text}}}`);
          if (this.rangeDepth === 0) this.fail(`{{${item.text}}} outside {{range}}`);
          return { kind: item.text };
        default:
          this.fail(`"${item.text}" is not supported here`);
      }
    }
    this.index--;
    return { kind: "action", pipe: this.pipeline("command", "rightDelim") };
  }

  private elseControl(): Terminator {
    const item = this.peekNonSpace();
    if (item.kind === "keyword" && (item.text === "if" || item.text === "with"))
      return { kind: "else", chained: item.text };
    this.expect("rightDelim", "else");
    return { kind: "else", chained: null };
  }

  private control(kind: "if" | "range" | "with"): Node {
    const known = this.variables.length;
    const pipe = this.pipeline(kind, "rightDelim");
    if (kind === "range") this.rangeDepth++;
    const { list, end } = this.itemList();
    if (kind === "range") this.rangeDepth--;
    const otherwise = end.kind === "else" ? this.otherwise(kind, end.chained) : null;
    this.variables.length = known;
    return { kind, at: pipe.at, pipe, list, otherwise };
  }

  private otherwise(kind: string, chained: "if" | "with" | null): readonly Node[] {
    if (chained !== null && chained === kind) {
      this.nextNonSpace();
      return [this.control(chained)];
    }
    const { list, end } = this.itemList();
    if (end.kind !== "end") this.fail(`expected end; found ${terminatorText(end)}`);
    return list;
  }

  private pipeline(context: string, end: ItemKind): Pipe {
    const first = this.peekNonSpace();
    const { declared, assigns } = this.declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const item = this.nextNonSpace();
      if (item.kind === end) {
        this.checkPipeline(commands, context);
        return { at: first.at, line: first.line, declared, assigns, commands };
      }
      if (!OPERAND_KINDS.has(item.kind)) this.unexpected(item, context);
      this.index--;
      commands.push(this.command());
    }
  }

  private declarations(context: string): { declared: string[]; assigns: boolean } {
    const declared: string[] = [];
    for (;;) {
      const start = this.index;
      const variable = this.peekNonSpace();
      if (variable.kind !== "variable") return { declared, assigns: false };
      this.nextNonSpace();
      const next = this.peekNonSpace();
      if (next.kind === "assign" || next.kind === "declare") {
        this.nextNonSpace();
        declared.push(variable.text);
        this.variables.push(variable.text);
        return { declared, assigns: next.kind === "assign" };
      }
      if (!(next.kind === "char" && next.text === ",")) {
        this.index = start;
        return { declared, assigns: false };
      }
      this.nextNonSpace();
      declared.push(variable.text);
      this.variables.push(variable.text);
      if (context !== "range" || declared.length >= 2) this.fail(`too many declarations in ${context}`);
      if (!["variable", "rightDelim", "rightParen"].includes(this.peekNonSpace().kind))
        this.fail("range can only initialize variables");
    }
  }

  private checkPipeline(commands: readonly Command[], context: string): void {
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    commands.forEach((command, i) => {
      const kind = command.operands[0]!.kind;
      if (i > 0 && ["bool", "dot", "nil", "number", "string"].includes(kind))
        this.fail(`non executable command in pipeline stage ${i + 1}`);
    });
  }

  private command(): Command {
    const at = this.peekNonSpace().at;
    const operands: Operand[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand !== null) operands.push(operand);
      const item = this.next();
      if (item.kind === "space") continue;
      if (item.kind === "rightDelim" || item.kind === "rightParen") this.index--;
      else if (item.kind !== "pipe") this.unexpected(item, "operand");
      break;
    }
    if (operands.length === 0) this.fail("empty command");
    return { at, operands };
  }

  private operand(): Operand | null {
    const operand = this.term();
    if (operand === null || this.peek().kind !== "field") return operand;
    const path: string[] = [];
    const at = this.peek().at;
    while (this.peek().kind === "field") path.push(this.next().text.slice(1));
    if (operand.kind === "field" || operand.kind === "variable")
      return { ...operand, at, path: [...operand.path, ...path] };
    if (
      operand.kind === "bool" ||
      operand.kind === "string" ||
      operand.kind === "number" ||
      operand.kind === "nil" ||
      operand.kind === "dot"
    ) {
      const text =
        operand.kind === "dot"
          ? "."
          : "text" in operand
            ? operand.text
            : operand.kind === "nil"
              ? "nil"
              : String(operand.value);
      this.fail(`unexpected . after term ${goQuote(text)}`);
    }
    return { kind: "chain", at, operand, path };
  }

  private term(): Operand | null {
    const item = this.nextNonSpace();
    const { at, text } = item;
    switch (item.kind) {
      case "identifier":
        if (!this.functions.has(text)) this.fail(`function ${goQuote(text)} not defined`);
        return { kind: "function", at, name: text };
      case "dot":
      case "nil":
        return { kind: item.kind, at };
      case "bool":
        return { kind: "bool", at, value: text === "true" };
      case "field":
        return { kind: "field", at, path: [text.slice(1)] };
      case "variable":
        if (!this.variables.includes(text)) this.fail(`undefined variable ${goQuote(text)}`);
        return { kind: "variable", at, name: text, path: [] };
      case "number":
        return { kind: "number", at, text, value: this.number(text) };
      case "string":
      case "rawString":
        return { kind: "string", at, text, value: goUnquote(text) ?? this.fail("invalid syntax") };
      case "charConstant":
        return {
          kind: "number",
          at,
          text,
          value: goUnquote(text)?.codePointAt(0) ?? this.fail(`malformed character constant: ${text}`),
        };
      case "leftParen":
        return { kind: "pipe", at, pipe: this.pipeline("parenthesized pipeline", "rightParen") };
      default:
        this.index--;
        return null;
    }
  }

  private number(text: string): number {
    const value = Number(text.replaceAll("_", "").replace(/^\+/, ""));
    if (Number.isNaN(value)) this.fail(`illegal number syntax: ${goQuote(text)}`);
    return value;
  }
}

function isTerminator(node: Node | Terminator): node is Terminator {
  return node.kind === "end" || node.kind === "else";
}

function terminatorText(node: Terminator): string {
  return `{{${node.kind}}}`;
}

/** `item.String()`: `<if>`, `"text"`, `EOF`; long texts cut at ten characters. */
function itemText(item: Item): string {
  if (item.kind === "eof") return "EOF";
  if (item.kind === "keyword") return `<${item.text}>`;
  return item.text.length > 10 ? `${goQuote(item.text.slice(0, 10))}...` : goQuote(item.text);
}
