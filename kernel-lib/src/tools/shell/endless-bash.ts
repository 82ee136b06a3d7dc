import type { BashOptions, Command, ScriptNode, SimpleCommandNode, StatementNode } from "just-bash";
import type { FileView } from "../../host/files.js";
import { literal, pipeline, simpleCommand, statement } from "./ast.js";
import { bashFiles, CAPTURE_ROOT, type Captured } from "./bash-files.js";
import type { BashModule } from "./bash-module.js";

export interface BashOutcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The shell has ended (`exit`, or a failure under `set -e`). */
  readonly exited: boolean;
}

/** The command by which the endless script waits; it has a path, so that bash finds it. */
export const NEXT = "next-statement";

export interface EndlessBashOptions {
  readonly files: FileView;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly pid: number;
  readonly parentPid: number;
  readonly commands: readonly Command[];
  /** Where programs lie: just-bash finds its commands at `/usr/bin/NAME` or `/bin/NAME` only. */
  readonly programFolder: "/usr/bin" | "/bin";
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const OUT = `${CAPTURE_ROOT}/1`;
const ERR = `${CAPTURE_ROOT}/2`;

/** A terminal's shell has no budget: what is endless here is endless there. Loops are bounded, so that a slip ends. */
const LIMITS: NonNullable<BashOptions["executionLimits"]> = {
  maxExecutionTimeMs: Number.POSITIVE_INFINITY,
  maxCommandCount: Number.MAX_SAFE_INTEGER,
  maxWorkUnits: Number.MAX_SAFE_INTEGER,
  maxOutputSize: Number.MAX_SAFE_INTEGER,
  maxInputBytes: Number.MAX_SAFE_INTEGER,
  maxLiveBytes: Number.MAX_SAFE_INTEGER,
};

/**
 * One bash whose variables, functions, options and working directory last from statement to statement. just-bash runs a whole script
 * per call and forgets; so this is one script that does not end: its list of statements is an iterable whose every second member
 * waits for the next statement of the session.
 */
export class EndlessBash {
  cwd: string;
  private waiting: ((next: StatementNode | null) => void) | null = null;
  private finish: ((outcome: BashOutcome) => void) | null = null;
  private queued: StatementNode | null = null;
  private readonly captured: Captured = new Map();
  private readonly bash: InstanceType<BashModule["Bash"]>;
  private env: Readonly<Record<string, string>>;
  private readonly assignments = new Map<string, string>();
  private ended = false;
  private ready: Promise<void>;
  private readyNow: () => void = () => {};
  /** The command that waits has been reached; without this, a shell that cannot find it would spin. */
  private served = true;

  constructor(
    module: BashModule,
    private readonly options: EndlessBashOptions,
  ) {
    this.cwd = options.cwd;
    this.env = options.env;
    this.bash = new module.Bash({
      fs: bashFiles(options.files, { captured: this.captured, programFolder: options.programFolder }),
      env: { ...options.env },
      cwd: options.cwd,
      customCommands: [...options.commands],
      executionLimits: LIMITS,
      defenseInDepth: false,
      sleep: options.sleep,
      processInfo: { pid: options.pid, ppid: options.parentPid, uid: 0, gid: 0 },
    });
    this.bash.registerCommand(this.nextCommand());
    this.bash.registerTransformPlugin({
      name: "endless",
      transform: ({ ast, metadata }) => ({ ast: isEndless(ast) ? this.script(ast) : ast, metadata }),
    });
    this.ready = this.untilReady();
    const names = [NEXT, ...module.getCommandNames(), ...options.commands.map((command) => command.name)];
    void this.remember(names).then(() => this.begin());
  }

  /** Adds commands, as installing a package does. */
  async registerCommands(commands: readonly Command[]): Promise<void> {
    for (const command of commands) this.bash.registerCommand(command);
    await this.remember(commands.map((command) => command.name));
  }

  /** Fills bash's table of known paths: with it /usr/sbin before /usr/bin in PATH, which is the same folder, does no harm. */
  private async remember(names: readonly string[]): Promise<void> {
    const folder = this.options.programFolder;
    await this.bash.exec(names.map((name) => `hash -p '${folder}/${name}' '${name}'`).join("\n"), {
      rawScript: true,
    });
  }

  /** The variables after the last statement. */
  get variables(): Readonly<Record<string, string>> {
    return this.env;
  }

  /** Sets a variable from outside, seen by the next statement. */
  setVariable(name: string, value: string): void {
    this.assignments.set(name, value);
  }

  /** Runs one statement. Only one at a time. */
  async execute(node: StatementNode, stdin = ""): Promise<BashOutcome> {
    if (this.ended) return { status: 0, stdout: "", stderr: "", exited: true };
    await this.ready;
    this.captured.clear();
    return new Promise((resolve) => {
      this.finish = resolve;
      this.queued = captureOutput(node, stdin);
      const wake = this.waiting!;
      this.waiting = null;
      wake(node);
    });
  }

  private untilReady(): Promise<void> {
    return new Promise((resolve) => {
      this.readyNow = resolve;
    });
  }

  private begin(): void {
    this.bash.exec(NEXT, { rawScript: true, env: { ...this.env }, cwd: this.cwd }).then(
      (result) => this.over(result),
      (error: unknown) =>
        this.over({
          exitCode: 1,
          stdout: "",
          stderr: `bash: ${error instanceof Error ? error.message : String(error)}\n`,
        }),
    );
  }

  /** The script has ended: by `exit`, by `set -e`, or because of a limit; after a limit the shell goes on with its variables. */
  private over(result: { exitCode: number; stdout: string; stderr: string }): void {
    const finish = this.finish;
    this.finish = null;
    const said = `${this.captured.get(ERR) ?? ""}${result.stderr}`;
    const limit = /executionLimits|limit exceeded/.test(said);
    this.ended = !limit;
    if (limit) {
      this.ready = this.untilReady();
      this.begin();
    }
    const stdout = `${this.captured.get(OUT) ?? ""}${result.stdout}`;
    finish?.({
      status: result.exitCode,
      stdout,
      stderr: said.replace(/, increase executionLimits\.\w+/, ""),
      exited: !limit,
    });
  }

  private outcome(status: number, exited: boolean): BashOutcome {
    return { status, stdout: this.captured.get(OUT) ?? "", stderr: this.captured.get(ERR) ?? "", exited };
  }

  /** Ends the statement before it, if there was one, and waits for the next. It gives back the status that it found. */
  private nextCommand(): Command {
    return {
      name: NEXT,
      trusted: true,
      execute: async (_args, ctx) => {
        const status = Number(ctx.env.get("?") ?? 0);
        this.served = true;
        this.cwd = ctx.cwd;
        this.env = Object.fromEntries(ctx.env);
        const waited = new Promise<StatementNode | null>((resolve) => {
          this.waiting = resolve;
        });
        const finish = this.finish;
        this.finish = null;
        finish?.(this.outcome(status, false));
        this.readyNow();
        await waited;
        for (const [name, value] of this.assignments) ctx.env.set(name, value);
        this.assignments.clear();
        return { stdout: "", stderr: "", exitCode: status };
      },
    };
  }

  private script(ast: ScriptNode): ScriptNode {
    const wait = statement(pipeline(simpleCommand(literal(NEXT))), pipeline(simpleCommand(literal("true"))));
    const next = (): StatementNode | null => {
      if (!this.served) throw new Error(`bug in hopbook: the shell cannot find "${NEXT}"`);
      this.served = false;
      return this.queued;
    };
    const endless = function* (): Generator<StatementNode> {
      for (;;) {
        yield wait;
        const queued = next();
        if (queued !== null) yield queued;
      }
    };
    return { ...ast, statements: { [Symbol.iterator]: endless } as unknown as StatementNode[] };
  }
}

function isEndless(ast: ScriptNode): boolean {
  const [first] = ast.statements;
  const command = first?.pipelines[0]?.commands[0];
  return (
    command?.type === "SimpleCommand" &&
    command.name?.parts[0]?.type === "Literal" &&
    command.name.parts[0].value === NEXT
  );
}

/** `{ statement; } >out 2>err`: a group, so that what the statement sets stays set. */
function captureOutput(body: StatementNode, stdin: string): StatementNode {
  const redirect = (fd: number, path: string): RedirectionNode => ({
    type: "Redirection",
    fd,
    operator: ">",
    target: literal(path),
  });
  const redirections = [redirect(1, OUT), redirect(2, ERR)];
  if (stdin !== "") {
    const target = {
      type: "HereDoc" as const,
      delimiter: "EOF",
      content: literal(stdin),
      stripTabs: false,
      quoted: true,
    };
    redirections.push({ type: "Redirection", fd: 0, operator: "<<", target });
  }
  return statement(pipeline({ type: "Group", body: [body], redirections }));
}

type RedirectionNode = SimpleCommandNode["redirections"][number];
