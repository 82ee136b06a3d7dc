import type { CommandNode, SimpleCommandNode, StatementNode, WordNode } from "just-bash";
import { literal, literalText, onlyPipeline, pipeline, simpleCommand, statement } from "./ast.js";
import type { BashModule } from "./bash-module.js";
import { TEXT_TOOLS } from "./text-tools.js";

/** A background statement that the session starts itself. */
export interface BackgroundPlan {
  /** What to run now: `job-start …`, with the command's own words, so that bash expands them. */
  readonly start: StatementNode;
  readonly text: string;
  /** The rest of the pipeline after its head. */
  readonly filter: string | null;
}

/** The text of a statement as bash shows it in job listings. */
export function statementText(module: BashModule, node: StatementNode): string {
  const source =
    node.sourceText ?? module.serialize({ type: "Script", statements: [{ ...node, background: false }] });
  return source.trim().replace(/\s*&$/, "");
}

/** Programs that end by themselves as soon as they have read their input; bash has them in itself. */
const QUICK: ReadonlySet<string> = new Set([
  ...TEXT_TOOLS.filter((name) => name !== "xargs"),
  ...["cat", "echo", "false", "head", "pwd", "tail", "test", "true", "["],
]);

/**
 * Turns `echo "$A" | nc -u -l -p 9000 > file | grep x &` into a start of the one program in it that takes time: what stands before it is run at once
 * and is its input, what stands behind it is its filter. Null where more than one takes time, or the statement is more than a pipeline: such a one
 * runs in a shell of its own.
 */
export function planBackground(
  module: BashModule,
  node: StatementNode,
  isProgram: (name: string) => boolean,
): BackgroundPlan | null {
  const commands = onlyPipeline(node)?.commands ?? [];
  const takesTime = (command: CommandNode) =>
    programNames(command).some((name) => name === null || (isProgram(name) && !QUICK.has(name)));
  const at = Math.max(0, commands.findIndex(takesTime));
  const head = commands[at];
  const rest = commands.slice(at + 1);
  if (head?.type !== "SimpleCommand" || !isProgram(literalText(head.name) ?? "")) return null;
  if (rest.some(takesTime)) return null;
  const redirections = redirectionWords(head);
  if (redirections === null) return null;
  const words = [...redirections, literal("--"), head.name!, ...head.args];
  const start = { ...simpleCommand(literal("job-start"), words), assignments: head.assignments };
  return {
    start: statement(pipeline(...commands.slice(0, at), start)),
    text: statementText(module, node),
    filter: restOf(module, rest),
  };
}

/** The names of all commands within a command (a loop, a group), without their folders; null for one that only bash can expand. */
function programNames(node: unknown): (string | null)[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(programNames);
  const within = Object.values(node).flatMap(programNames);
  const command = node as CommandNode;
  if (command.type !== "SimpleCommand" || command.name === null) return within;
  return [literalText(command.name)?.replace(/^.*\//, "") ?? null, ...within];
}

/** What becomes of a foreground command that goes to the background: the text of its job, and where its output goes. */
export function describeForeground(
  module: BashModule,
  node: StatementNode | null,
  argv: readonly string[],
): { readonly text: string; readonly filter: string | null; readonly outFile: string | null } {
  const isHead = (command: CommandNode | undefined): command is SimpleCommandNode =>
    command?.type === "SimpleCommand" && literalText(command.name) === argv[0];
  const line = node?.pipelines.find(({ commands }) => commands.some(isHead));
  const at = line?.commands.findIndex(isHead) ?? 0;
  const head = line?.commands[at];
  if (node === null || line === undefined || !isHead(head))
    return { text: argv.join(" "), filter: null, outFile: null };
  const [redirection, ...others] = head.redirections;
  const plain = others.length === 0 && redirection?.operator === ">" && redirection.target.type === "Word";
  return {
    text: statementText(module, node),
    filter: restOf(module, line.commands.slice(at + 1)),
    outFile: plain ? literalText(redirection.target as WordNode) : null,
  };
}

/** The commands after the head, as a script. */
function restOf(module: BashModule, rest: readonly CommandNode[]): string | null {
  if (rest.length === 0) return null;
  const body: StatementNode = {
    type: "Statement",
    pipelines: [{ type: "Pipeline", commands: [...rest], negated: false }],
    operators: [],
    background: false,
  };
  return module.serialize({ type: "Script", statements: [body] }).trim();
}

/** `2>>` and its target as two words each; null for redirections that only bash itself can do. */
function redirectionWords(command: SimpleCommandNode): WordNode[] | null {
  const words: WordNode[] = [];
  for (const { fd, operator, target } of command.redirections) {
    if (target.type !== "Word" || ![">", ">>", "&>", "&>>", ">&", "<"].includes(operator)) return null;
    words.push(literal(`${fd ?? ""}${operator}`), target);
  }
  return words;
}

/** Where the streams of a job go, read from the words before `--` of `job-start`. */
export function readRedirections(words: readonly string[]): {
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly stdin: string | null;
  readonly truncate: readonly string[];
} {
  let stdout: string | null = null;
  let stderr: string | null = null;
  let stdin: string | null = null;
  const truncate: string[] = [];
  for (let i = 0; i + 1 < words.length; i += 2) {
    const [, fd = "", operator = ""] = /^(\d*)(.*)$/.exec(words[i]!)!;
    const target = words[i + 1]!;
    if (operator === "<") stdin = target;
    else if (operator === ">&" && target === "1") stderr = stdout;
    else if (operator === ">&" && target === "2") stdout = stderr;
    else {
      if (!operator.endsWith(">>")) truncate.push(target);
      if (operator.startsWith("&") || (operator === ">&" && fd === "")) stdout = stderr = target;
      else if (fd === "2") stderr = target;
      else stdout = target;
    }
  }
  return { stdout, stderr, stdin, truncate };
}
