import {
  type ExportAllDeclaration,
  type ExportDefaultDeclaration,
  type ExportNamedDeclaration,
  type ExpressionStatement,
  type ImportDeclaration,
  type Pattern,
  type Program,
  parse,
  type Statement,
  type VariableDeclaration,
} from "acorn";
import { transform } from "sucrase";

/** A cell as the body of a function, with the names that it declares for the cells after it. */
export interface RewrittenCell {
  readonly body: string;
  readonly names: readonly string[];
  /** By how many columns the text of a line (1 for the first) stands further right than the reader wrote it. */
  readonly shifts: ReadonlyMap<number, number>;
}

/** How the body calls the cell that runs it; a name that no reader chooses. */
export const CELL = "__hopbookCell__";

/**
 * TypeScript of a notebook's cell as JavaScript that runs with the notebook's meaning: what a cell declares, and what it imports, is there for the cells
 * after it, which may declare it again; names are looked up in the notebook's scope, so a function of an earlier cell sees the newer value; `await`
 * stands anywhere; the last expression's value is the cell's. Lines stay where they were. Types are taken away and not checked.
 * Throws a SyntaxError with the cell's line and column for what is no TypeScript.
 */
export function rewriteCell(source: string): RewrittenCell {
  const code = withoutTypes(source);
  const program = parse(code, {
    ecmaVersion: 2024,
    sourceType: "module",
    allowAwaitOutsideFunction: true,
  });
  return new Rewriting(code, program).result();
}

function withoutTypes(source: string): string {
  const options = { transforms: ["typescript" as const], disableESTransforms: true, keepUnusedImports: true };
  try {
    return transform(source, options).code;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(text.replace(/^Error transforming [^:]*: /, ""));
  }
}

type Exported = (ExportNamedDeclaration | ExportDefaultDeclaration | ExportAllDeclaration) & {
  readonly declaration?: ExportNamedDeclaration["declaration"] | ExportDefaultDeclaration["declaration"];
};

class Rewriting {
  private out = "";
  private taken = 0;
  private readonly names = new Set<string>();
  /** What runs before the cell's first line, on that line. */
  private readonly first: string[] = [];
  private readonly shifts = new Map<number, number>();

  constructor(
    private readonly code: string,
    private readonly program: Program,
  ) {}

  result(): RewrittenCell {
    const { body } = this.program;
    const last = body.findLastIndex(
      (node) => node.type !== "ExportNamedDeclaration" || Boolean(node.declaration),
    );
    for (const [i, node] of body.entries()) this.statement(node, i === last);
    const rest = this.code.slice(this.taken);
    const first = this.first.join("");
    this.shift(0, first.length);
    return { body: `${first}${this.out}${rest}`, names: [...this.names], shifts: this.shifts };
  }

  private replace(start: number, end: number, text: string): void {
    this.out += this.code.slice(this.taken, start) + text;
    this.taken = end;
  }

  private statement(node: Program["body"][number], isLast: boolean): void {
    switch (node.type) {
      case "ImportDeclaration":
        this.importDeclaration(node);
        break;
      case "VariableDeclaration":
        this.variables(node);
        break;
      case "FunctionDeclaration":
        this.keep(node.id.name, (text) => this.first.push(text));
        break;
      case "ClassDeclaration":
        this.keep(node.id.name, (text) => this.replace(node.end, node.end, ` ${text}`));
        break;
      case "ExpressionStatement":
        if (isLast) this.lastExpression(node);
        break;
      default:
        if (node.type.startsWith("Export")) this.exported(node as Exported);
    }
  }

  /** A notebook exports nothing: a declaration stays, everything else goes. */
  private exported(node: Exported): void {
    const { declaration } = node;
    if (!declaration) {
      this.replace(node.start, node.end, this.lineEnds(node.start, node.end));
      return;
    }
    const isDefault = node.type === "ExportDefaultDeclaration";
    this.replace(node.start, declaration.start, isDefault ? "void " : "");
    if (!isDefault) this.statement(declaration as Statement, false);
  }

  private importDeclaration(node: ImportDeclaration): void {
    const module = `${CELL}.module(${JSON.stringify(node.source.value)})`;
    // An import runs before what uses it, wherever it stands.
    if (node.specifiers.length === 0) this.first.push(`${module};`);
    for (const specifier of node.specifiers) {
      const local = specifier.local.name;
      this.names.add(local);
      this.first.push(`${local} = ${module}${importedName(specifier)};`);
    }
    this.replace(node.start, node.end, this.lineEnds(node.start, node.end));
  }

  /** `const a = 1, { b } = f();` becomes the assignments, to names of the notebook's scope. */
  private variables(node: VariableDeclaration): void {
    const [first] = node.declarations;
    if (first === undefined) return;
    // As many characters as there were, so that columns stay.
    this.replace(
      node.start,
      first.start,
      this.code
        .slice(node.start, first.start)
        .replace(/\S+/, ";(")
        .padEnd(first.start - node.start),
    );
    for (const { id, init, end } of node.declarations) {
      for (const name of namesIn(id)) this.names.add(name);
      if (!init) this.replace(end, end, " = undefined");
    }
    this.replace(node.declarations.at(-1)!.end, node.end, ");");
  }

  /** A function or a class stays where it is, and the notebook's scope gets it as well. */
  private keep(name: string, place: (text: string) => void): void {
    this.names.add(name);
    place(`${CELL}.scope.${name} = ${name};`);
  }

  private lastExpression(node: ExpressionStatement): void {
    const text = this.code.slice(node.start, node.end).replace(/;$/, "");
    const open = `${CELL}.value = (`;
    this.shift(node.start, open.length);
    this.replace(node.start, node.end, `${open}${text});`);
  }

  private shift(at: number, columns: number): void {
    const line = this.code.slice(0, at).split("\n").length;
    this.shifts.set(line, (this.shifts.get(line) ?? 0) + columns);
  }

  private lineEnds(start: number, end: number): string {
    return this.code.slice(start, end).replace(/[^\n]/g, "");
  }
}

function importedName(specifier: ImportDeclaration["specifiers"][number]): string {
  if (specifier.type === "ImportNamespaceSpecifier") return "";
  if (specifier.type === "ImportDefaultSpecifier") return ".default";
  const { imported } = specifier;
  return imported.type === "Identifier" ? `.${imported.name}` : `[${JSON.stringify(imported.value)}]`;
}

/** The names that a pattern of a declaration gives. */
function namesIn(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    default:
      return [];
  }
}
