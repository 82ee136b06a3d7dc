import type { SimpleCommandNode, StatementNode } from "just-bash";
import { literalText } from "./ast.js";
import { isGrep, mergePatternWords } from "./grep-words.js";

/**
 * bash's own `wait` and `$!` know nothing of this session's jobs: a copy of the tree has `job-wait` and a variable in their place,
 * wherever they stand. The patterns of a grep become one word.
 */
export function rewriteShellWords(node: StatementNode): StatementNode {
  return rewrite(node) as StatementNode;
}

type Node = { readonly [key: string]: unknown };

function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (value === null || typeof value !== "object") return value;
  const node = value as Node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, part]) => [key, rewrite(part)]));
  if (node.type === "ParameterExpansion" && node.parameter === "!") copy.parameter = "LAST_BACKGROUND_PID";
  if (node.type === "SimpleCommand" && isWord(node.name, "wait"))
    copy.name = { type: "Word", parts: [{ type: "Literal", value: "job-wait" }] };
  if (node.type === "SimpleCommand") {
    const { name, args } = copy as unknown as SimpleCommandNode;
    if (isGrep(literalText(name))) copy.args = mergePatternWords(args);
  }
  return copy;
}

function isWord(value: unknown, text: string): boolean {
  const parts = (value as { parts?: readonly { type: string; value?: unknown }[] } | null)?.parts;
  return parts?.length === 1 && parts[0]!.type === "Literal" && parts[0]!.value === text;
}
