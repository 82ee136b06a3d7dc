import type { Executor } from "tslab/dist/executor.js";
import { plainCell } from "../base/cell-magic.js";
import type { CellCompiler } from "./cell-compiler.js";
import { type CellFailure, INTERRUPTED, thrownFailure, typeFailure } from "./cell-failure.js";
import type { CellOutput } from "./cell-output.js";
import type { CellPlaces } from "./cell-places.js";
import type { Content } from "./message.js";
import { bundleOf } from "./mime.js";
import { Phase, type SharedFlags } from "./threads.js";
import type { Tslab } from "./tslab.js";
import { InterruptedBeforeRun, OwnTask } from "./user-code.js";

type Outcome =
  | { readonly ok: true; readonly data: Record<string, unknown> | null }
  | { readonly ok: false; readonly failure: CellFailure };

/** Runs cells one after the other; each shares the variables of those before. */
export class CellSession {
  readonly executor: Executor;
  #count = 0;
  #thrown: unknown[] = [];
  readonly #task = new OwnTask();
  /** Ends the wait for the cell that runs. */
  #breakOff: (() => void) | null = null;

  constructor(
    tslab: Tslab,
    readonly compiler: CellCompiler,
    readonly places: CellPlaces,
    readonly output: CellOutput,
    readonly flags: SharedFlags,
  ) {
    const close = (): void => compiler.close();
    this.executor = tslab.createExecutor(
      process.cwd(),
      { node: compiler, browser: compiler, close },
      { log: () => undefined, error: (error: unknown) => this.#thrown.push(error) },
    );
  }

  /** Answers an `execute_request`; publishes everything that belongs to it before it resolves. */
  async execute(request: Content): Promise<Content> {
    const silent = request.silent === true;
    const counted = !silent && request.store_history !== false;
    if (counted) this.#count += 1;
    const label = counted ? `cell [${this.#count}]` : "cell [*]";
    const code = String(request.code ?? "");
    this.output.begin(silent);
    if (!silent) this.output.send("execute_input", { code, execution_count: this.#count });
    const outcome = await this.#outcome(code, label);
    const answer = outcome.ok
      ? await this.#succeed(outcome.data, request.user_expressions)
      : this.#fail(outcome.failure);
    this.output.flush();
    this.output.muted = false;
    this.flags.phase = Phase.Idle;
    this.flags.interruptSeen();
    return answer;
  }

  /** The reader wants the running cell to end: its wait ends now, whatever it still waits for. */
  interrupt(): void {
    this.flags.interruptSeen();
    this.#breakOff?.();
    this.executor.interrupt();
  }

  async #succeed(data: Record<string, unknown> | null, expressions: unknown): Promise<Content> {
    const execution_count = this.#count;
    if (data !== null && !isBlank(data))
      this.output.send("execute_result", { execution_count, data, metadata: {} });
    const user_expressions: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries((expressions as Record<string, unknown>) ?? {})) {
      const outcome = await this.#outcome(String(expression), "cell [*]");
      user_expressions[name] = outcome.ok
        ? { status: "ok", data: outcome.data ?? { "text/plain": "undefined" }, metadata: {} }
        : { status: "error", ...outcome.failure };
    }
    return { status: "ok", execution_count, payload: [], user_expressions };
  }

  #fail(failure: CellFailure): Content {
    this.output.send("error", { ...failure });
    return { status: "error", execution_count: this.#count, ...failure, payload: [], user_expressions: {} };
  }

  /**
   * Runs one piece of code. Resolves also when the code is broken off: V8 then throws away every call on the stack, so the
   * run has a task, and with it a stack, of its own, and nothing here depends on its coming back.
   */
  #outcome(code: string, label: string): Promise<Outcome> {
    return new Promise<Outcome>((resolve) => {
      let open = true;
      const settle = (outcome: Outcome): void => {
        open = false;
        this.#breakOff = null;
        resolve(outcome);
      };
      const fail = (error: unknown): void =>
        settle({ ok: false, failure: thrownFailure(error, this.places) });
      this.#breakOff = () => settle({ ok: false, failure: INTERRUPTED });
      // An interrupt may come before the run has begun.
      this.#task.start(
        () => open && void this.#run(code, label).then((outcome) => open && settle(outcome), fail),
      );
    });
  }

  async #run(code: string, label: string): Promise<Outcome> {
    this.#thrown = [];
    const plain = plainCell(code);
    this.places.open(label, plain);
    const ok = await this.executor.execute(plain);
    const { diagnostics, lastExpression } = this.compiler;
    if (diagnostics.length > 0) return { ok: false, failure: typeFailure(diagnostics, label, plain) };
    if (!ok) return { ok: false, failure: this.#thrownFailure() };
    if (lastExpression === null) return { ok: true, data: null };
    const locals = this.executor.locals as Record<string, unknown>;
    const value = await locals[lastExpression];
    delete locals[lastExpression];
    return { ok: true, data: value === undefined ? null : await bundleOf(value) };
  }

  #thrownFailure(): CellFailure {
    const [thrown] = this.#thrown;
    const code = (thrown as { code?: unknown } | undefined)?.code;
    const interrupted = thrown instanceof InterruptedBeforeRun || code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
    return interrupted ? INTERRUPTED : thrownFailure(thrown, this.places);
  }
}

/** A command that printed nothing: there is no result to show. */
function isBlank(data: Record<string, unknown>): boolean {
  return data["text/plain"] === "" && Object.keys(data).length === 1;
}
