import { randomUUID } from "node:crypto";
import { CellResults } from "./cell-results.js";
import { ClientSockets } from "./client-sockets.js";
import { KernelProcess } from "./kernel-process.js";
import type { Content, JupyterMessage } from "./message.js";
import type { ErrorOutput, Output } from "./notebook.js";

/** Time for the kernel to start, in milliseconds. */
const START_MS = 30_000;

/** Time from an interrupt, or a shutdown request, to the moment at which the process is killed, in milliseconds. */
const GRACE_MS = 5000;

export interface ExecuteOptions {
  /** Seconds after which the cell is interrupted and {@link CellTimeout} thrown; none by default. */
  readonly timeoutSeconds?: number | undefined;
  readonly silent?: boolean;
  readonly storeHistory?: boolean;
  readonly stopOnError?: boolean;
  readonly userExpressions?: Record<string, string>;
  /** Called with each message of the publisher as it comes. */
  readonly onMessage?: (message: JupyterMessage) => void;
  /** Display ids over several cells (see {@link CellResults}). */
  readonly displays?: Map<string, Output[]>;
}

export interface ExecuteResult {
  readonly status: "ok" | "error" | "aborted";
  readonly executionCount: number | null;
  readonly outputs: readonly Output[];
  /** What failed; null when nothing did. */
  readonly error: ErrorOutput | null;
  /** The content of `execute_reply`. */
  readonly reply: Content;
  /** The messages of the publisher that belong to the request, in order. */
  readonly messages: readonly JupyterMessage[];
}

/** A cell ran longer than it may. */
export class CellTimeout extends Error {
  override readonly name = "CellTimeout";
}

/** A Jupyter client: starts the project's kernel and talks to it over ZeroMQ. */
export class KernelClient {
  readonly #session = randomUUID();

  private constructor(
    readonly process: KernelProcess,
    readonly sockets: ClientSockets,
  ) {}

  /** Starts a kernel whose working folder is `cwd`; resolves when it answers and its publisher is heard. */
  static async start(cwd: string): Promise<KernelClient> {
    const process = await KernelProcess.start(cwd);
    const sockets = new ClientSockets(process.connection);
    void process.exit.then((died) => sockets.fail(died));
    const client = new KernelClient(process, sockets);
    try {
      await client.#whenHeard();
    } catch (error) {
      await client.kill();
      throw error;
    }
    return client;
  }

  /** Sends a request and resolves with its reply. `input_request` cannot come: requests say so. */
  async request(
    type: string,
    content: Content,
    channel: "shell" | "control" = "shell",
  ): Promise<JupyterMessage> {
    return this.sockets.request(channel, type, content, this.#session).reply;
  }

  /** Runs code as one cell and gathers what it shows. */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const results = new CellResults(options.displays);
    const exchange = this.sockets.request(
      "shell",
      "execute_request",
      executeContent(code, options),
      this.#session,
    );
    exchange.onPublished = (message) => {
      results.take(message);
      options.onMessage?.(message);
    };
    const timer = this.#limit(options.timeoutSeconds);
    try {
      const [reply] = await Promise.all([exchange.reply, exchange.idle]);
      if (timer?.fired) throw timeout(options.timeoutSeconds!);
      return resultOf(reply, exchange.published, results.outputs);
    } catch (error) {
      throw timer?.fired ? timeout(options.timeoutSeconds!) : error;
    } finally {
      timer?.stop();
    }
  }

  /** Interrupts the running cell as Jupyter does: by SIGINT, or by a message on the control channel. */
  async interrupt(how: "signal" | "message" = "signal"): Promise<void> {
    if (how === "signal") this.process.signal("SIGINT");
    else await this.request("interrupt_request", {}, "control");
  }

  /** Ends the kernel in good order, or kills it when it does not end. */
  async shutdown(): Promise<void> {
    if (!this.process.ended) {
      this.request("shutdown_request", { restart: false }, "control").catch(() => undefined);
      await this.process.end(GRACE_MS);
    }
    this.sockets.close();
  }

  async kill(): Promise<void> {
    this.process.signal("SIGKILL");
    await this.process.end(GRACE_MS);
    this.sockets.close();
  }

  /** Interrupts a cell when its time is over, and kills the kernel when that does not help. */
  #limit(seconds: number | undefined): { fired: boolean; stop(): void } | null {
    if (seconds === undefined) return null;
    let killer: NodeJS.Timeout | undefined;
    const interrupter = setTimeout(() => {
      limit.fired = true;
      void this.interrupt();
      killer = setTimeout(() => this.process.signal("SIGKILL"), GRACE_MS);
    }, seconds * 1000);
    const limit = {
      fired: false,
      stop: () => {
        clearTimeout(interrupter);
        clearTimeout(killer);
      },
    };
    return limit;
  }

  /**
   * A publisher drops what it sends before a subscription reaches it: so kernel_info is asked until its status messages are
   * heard.
   */
  async #whenHeard(): Promise<void> {
    const late = Date.now() + START_MS;
    while (Date.now() < late) {
      const exchange = this.sockets.request("shell", "kernel_info_request", {}, this.#session);
      exchange.idle.catch(() => undefined);
      const heard = await Promise.race([
        exchange.reply.then(() => exchange.idleWithin(200)),
        new Promise<null>((resolve) => setTimeout(resolve, late - Date.now(), null).unref()),
      ]);
      if (heard) return;
    }
    throw new Error(`the kernel did not answer within ${START_MS / 1000} s`);
  }
}

function executeContent(code: string, options: ExecuteOptions): Content {
  return {
    code,
    silent: options.silent ?? false,
    store_history: options.storeHistory ?? true,
    user_expressions: options.userExpressions ?? {},
    allow_stdin: false,
    stop_on_error: options.stopOnError ?? true,
  };
}

function resultOf(
  reply: JupyterMessage,
  messages: readonly JupyterMessage[],
  outputs: readonly Output[],
): ExecuteResult {
  const { content } = reply;
  const error = outputs.find((output): output is ErrorOutput => output.output_type === "error");
  return {
    status: content.status as ExecuteResult["status"],
    executionCount: typeof content.execution_count === "number" ? content.execution_count : null,
    outputs,
    error: error ?? null,
    reply: content,
    messages,
  };
}

function timeout(seconds: number): CellTimeout {
  return new CellTimeout(`the cell ran longer than ${seconds} s`);
}
