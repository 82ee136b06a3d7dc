import type { CommandNode, PipelineNode, SimpleCommandNode, StatementNode, WordNode } from "just-bash";

/** Small makers and readers of just-bash's syntax tree. */

export function literal(text: string): WordNode {
  return { type: "Word", parts: [{ type: "SingleQuoted", value: text }] };
}

export function simpleCommand(name: WordNode, args: readonly WordNode[] = []): SimpleCommandNode {
  return { type: "SimpleCommand", assignments: [], name, args: [...args], redirections: [] };
}

export function pipeline(...commands: readonly CommandNode[]): PipelineNode {
  return { type: "Pipeline", commands: [...commands], negated: false };
}

export function statement(...pipelines: readonly PipelineNode[]): StatementNode {
  return {
    type: "Statement",
    pipelines: [...pipelines],
    operators: pipelines.slice(1).map(() => "&&" as const),
    background: false,
  };
}

/** The text of a word that needs no expansion; null for any other. */
export function literalText(word: WordNode | null): string | null {
  if (word === null) return null;
  let text = "";
  for (const part of word.parts) {
    if (part.type !== "Literal" && part.type !== "SingleQuoted" && part.type !== "Escaped") return null;
    text += part.value;
  }
  return text;
}

/**
 * Which commands of a statement write to its terminal: none when it has a pipe, and not those in a command substitution. A name that stands in both places does, since
 * `docker exec -it $(docker ps -q) sh` asks for a terminal; but `ls` does not: a substitution wants a name a line.
 */
export function terminalWriters(node: StatementNode): (name: string) => boolean {
  if (node.pipelines.some((line) => line.commands.length > 1)) return () => false;
  const outside = new Set<string>();
  const captured = new Set<string>();
  collectNames(node, outside, captured);
  return (name) => !captured.has(name) || (outside.has(name) && name !== "ls");
}

/** Names of simple commands in a piece of syntax tree; those below a `$(…)` go to `captured`. */
function collectNames(piece: unknown, names: Set<string>, captured: Set<string>): void {
  if (typeof piece !== "object" || piece === null) return;
  const { type, name } = piece as { readonly type?: string; readonly name?: WordNode };
  if (type === "SimpleCommand") names.add(literalText(name ?? null) ?? "");
  const into = type === "CommandSubstitution" ? captured : names;
  for (const child of Object.values(piece)) collectNames(child, into, captured);
}

/** The only pipeline of a statement; null for lists (`a && b`) and negations. */
export function onlyPipeline(node: StatementNode): PipelineNode | null {
  const [first, ...rest] = node.pipelines;
  return first === undefined || rest.length > 0 || first.negated ? null : first;
}
