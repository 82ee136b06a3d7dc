import type { StatementNode } from "just-bash";
import type { Process, Steps } from "../../host/process.js";
import { awaitShell } from "../../host/waits.js";

/** A session as far as a background shell needs it. */
export interface NestedSession {
  readonly status: number;
  readonly foregroundProcess: Process | null;
  open(): Promise<unknown>;
  executeStatement(node: StatementNode): Promise<void>;
  abandon(): void;
}

/**
 * A background statement that is more than one pipeline, in a shell of its own: `(sleep 1; echo done) &`. What a group's members print
 * is shown as each ends; a loop's output when the loop ends.
 */
export function* nestedShell(process: Process, node: StatementNode, session: NestedSession): Steps {
  const [first] = node.pipelines;
  const command = first?.commands[0];
  const group = command?.type === "Group" || command?.type === "Subshell" ? command : null;
  const whole =
    node.pipelines.length === 1 && first?.commands.length === 1 && group?.redirections.length === 0;
  const body = whole && group !== null ? group.body : [{ ...node, background: false }];
  const start = async () => {
    await session.open();
    for (const statement of body) await session.executeStatement(statement);
    return session.status;
  };
  return yield* awaitShell(
    process,
    start,
    () => session.foregroundProcess,
    () => session.abandon(),
  );
}
