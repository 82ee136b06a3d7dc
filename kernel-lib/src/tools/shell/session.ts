import type { StatementNode } from "just-bash";
import type { Nanoseconds } from "../../base/units.js";
import type { CommandResult } from "../../host/command-result.js";
import type { Host } from "../../host/host.js";
import { type InteractiveShell, Output, type Process } from "../../host/process.js";
import { innermostWait } from "../../host/task.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { terminalWriters } from "./ast.js";
import { describeForeground, planBackground, statementText } from "./background.js";
import { bashFiles } from "./bash-files.js";
import { type BashModule, loadBash } from "./bash-module.js";
import type { BashSession, RunOptions, ShellOptions } from "./bash-session.js";
import { filterCommands, programCommand, shellCommands } from "./commands.js";
import { drive } from "./drive.js";
import { EndlessBash } from "./endless-bash.js";
import { shellErrors } from "./error-words.js";
import { Foreground, type ForegroundCommand, type ForegroundEnd } from "./foreground.js";
import { type Job, type JobStreams, JobTable } from "./jobs.js";
import { loginShell, promptOf } from "./login-shell.js";
import { nestedShell } from "./nested-shell.js";
import { rewriteShellWords } from "./shell-words.js";
import { isIncomplete, parseScript } from "./syntax.js";
import { TEXT_TOOLS } from "./text-tools.js";
import { WrittenOrder } from "./written-order.js";

/**
 * One bash session: variables, functions, folder and jobs last from line to line. {@link ShellSession.run} is for the outside: it runs
 * the clock. {@link ShellSession.execute} is for a shell inside a command of another shell, which runs the clock for both.
 */
export class ShellSession implements InteractiveShell, BashSession {
  readonly jobs = new JobTable();
  readonly process: Process;
  /** Wakes when the shell ends. */
  readonly ended: WaitQueue;
  closed = false;
  /** Status of the last command. */
  status = 0;
  /** Which of the statement's commands write to the terminal, not to a pipe or to `$(…)`. */
  onTerminal: (name: string) => boolean = () => false;
  /** What the statement's programs have written. */
  readonly written = new WrittenOrder();

  private module: BashModule | null = null;
  private bash: EndlessBash | null = null;
  private readonly registered = new Set<string>();
  private readonly screen = new Output();
  private readonly foreground: Foreground;
  private inner: InteractiveShell | null = null;
  private line: { done: boolean } | null = null;
  private statement: StatementNode | null = null;
  private dropOutput = false;
  private holding: Job | null = null;
  private nextJob: { readonly text: string; readonly filter: string | null } | null = null;

  constructor(
    owner: Host | Process,
    readonly options: ShellOptions = {},
  ) {
    this.process = "rootNetns" in owner ? loginShell(owner, this.screen, options.terminal ?? false) : owner;
    this.foreground = new Foreground(this.process.host.world);
    this.ended = new WaitQueue(this.process.host.world.scheduler);
  }

  get prompt(): string {
    return this.inner === null ? promptOf(this.process, this.flavour) : this.inner.prompt;
  }

  private get flavour(): "bash" | "ash" {
    return this.options.flavour ?? "bash";
  }

  /** The process in the foreground; null while the shell itself is at work, or has nothing to do. */
  get foregroundProcess(): Process | null {
    return this.foreground.current?.process ?? null;
  }

  /** What the terminal has shown since it was last asked: both streams, in the order in which they were written. */
  takeScreen(): string {
    return this.screen.take();
  }

  /** True while a shell inside (`docker exec -it c sh`) takes the lines. */
  get inside(): boolean {
    return this.inner !== null;
  }

  get heldJob(): number | null {
    return this.inner?.heldJob ?? this.holding?.number ?? null;
  }

  /** Loads bash; needed before {@link ShellSession.isIncomplete}. */
  async open(): Promise<this> {
    this.module ??= await loadBash();
    return this;
  }

  isIncomplete(text: string): boolean {
    return this.module !== null && isIncomplete(this.module, text);
  }

  /** Runs a line, or a whole script, and the clock until it is done. Gives what it and the background jobs printed meanwhile. */
  async run(text: string, options: RunOptions = {}): Promise<CommandResult> {
    await this.open();
    const { world } = this.process.host;
    if (this.inner === null) await this.runHere(text, options.stdin ?? "");
    else await this.runInside(this.inner, text);
    if (options.settle !== undefined) {
      await world.asyncWork.runUntil(world.scheduler, world.scheduler.now + options.settle);
      await world.asyncWork.idle();
    }
    await this.flushJobs();
    return { status: this.status, stdout: this.process.stdout.take(), stderr: this.process.stderr.take() };
  }

  /** Ctrl-D: the shell inside ends, or this one. */
  async endOfInput(): Promise<CommandResult> {
    if (this.inner === null) {
      this.close();
      return { status: this.status, stdout: "", stderr: "" };
    }
    const { inner } = this;
    inner.close();
    await this.finishInside(inner);
    return { status: this.status, stdout: this.process.stdout.take(), stderr: this.process.stderr.take() };
  }

  /** Ends the session: jobs are hung up; gives their last output. */
  async end(): Promise<CommandResult> {
    while (this.inner !== null) await this.endOfInput();
    for (const job of this.jobs.all) if (job.running) job.process.kill("SIGHUP");
    const { asyncWork, scheduler } = this.process.host.world;
    await asyncWork.runUntil(scheduler, scheduler.now);
    await asyncWork.idle();
    await this.flushJobs();
    this.close();
    return { status: this.status, stdout: this.process.stdout.take(), stderr: this.process.stderr.take() };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.ended.wakeAll();
  }

  /** Ends what is in the foreground: the shell's own process has been killed. */
  abandon(): void {
    this.foreground.abandon();
    this.close();
  }

  /** Runs lines without running the clock; what is printed goes to the shell's process. */
  async execute(text: string, stdin = ""): Promise<number> {
    const { module } = await this.open();
    const parsed = parseScript(module!, text);
    if ("error" in parsed) {
      this.process.stderr.write(this.words(`bash: ${parsed.error}\n`));
      this.status = 2;
      return 2;
    }
    if (parsed.statements.length === 0) await this.flushJobs();
    for (const node of parsed.statements) {
      if (this.closed) break;
      await this.executeStatement(node, stdin);
    }
    return this.status;
  }

  async executeStatement(node: StatementNode, stdin = ""): Promise<void> {
    const bash = await this.ready();
    const rewritten = rewriteShellWords(node);
    if (node.background) await this.startInBackground(bash, rewritten);
    else await this.executeNow(bash, rewritten, stdin);
    this.process.cwd = bash.cwd;
    await this.flushJobs();
  }

  relieve(stuck = false, holds = this.options.holds === true): boolean {
    const { current } = this.foreground;
    if (current === null) return false;
    const wait = innermostWait(current.process);
    if (wait?.kind === "terminal") {
      if (wait.shell.closed) return false;
      if (this.options.terminal !== true) wait.shell.close();
      else if (this.inner === null) this.inner = wait.shell;
      else return this.inner.relieve(stuck, holds);
      return true;
    }
    if (!this.foreground.isEndless(current.process, stuck)) return false;
    if (!current.isJob) this.toBackground(current, holds);
    current.release("background");
    return true;
  }

  /** Waits for a process of this shell: until it ends, or is sent to the background. */
  inForeground(command: ForegroundCommand): Promise<ForegroundEnd> {
    return this.foreground.wait(command, false);
  }

  waitForJob({ process }: Job): Promise<ForegroundEnd> {
    return this.foreground.wait({ process, stdout: process.stdout, stderr: process.stderr }, true);
  }

  /** Lets virtual time pass for a command's own work. */
  elapse(duration: Nanoseconds): Promise<void> {
    return this.foreground.elapse(duration);
  }

  addJob(process: Process, streams: JobStreams): void {
    const { text, filter } = this.nextJob ?? { text: process.argv.join(" "), filter: null };
    const job = this.jobs.add(text, process, streams, filter);
    this.bash?.setVariable("LAST_BACKGROUND_PID", String(process.innerPid));
    if (this.options.interactive === true) this.process.stderr.write(`[${job.number}] ${process.innerPid}\n`);
  }

  findProcess(pid: number): Process | null {
    const { pids } = this.process as Process & { pids: { find(pid: number): Process | null } };
    return pids.find(pid);
  }

  /** What a job has printed since it was last asked. */
  outputOf(job: Job): Promise<{ stdout: string; stderr: string }> {
    return job.takeOutput(async (script, input) => {
      const module = this.module!;
      const { files } = this.process;
      const bash = new module.Bash({
        fs: bashFiles(files, { programFolder: this.programFolder() }),
        env: { ...this.bash?.variables },
        customCommands: filterCommands(this.registered, module),
        defenseInDepth: false,
      });
      return bash.exec(script, { stdin: input, cwd: this.process.cwd, rawScript: true });
    });
  }

  private async runHere(text: string, stdin: string): Promise<void> {
    const { world } = this.process.host;
    const line = { done: false };
    let failure: unknown = null;
    world.asyncWork.begin();
    this.line = line;
    const running = this.execute(text, stdin)
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        line.done = true;
        world.asyncWork.end();
      });
    void running;
    await drive(
      world,
      () => line.done || this.inner !== null,
      (stuck) => this.relieve(stuck),
    );
    this.foreground.takeOutput(this.process);
    if (this.inner !== null) this.status = 0;
    if (failure !== null) throw failure;
  }

  private async runInside(inner: InteractiveShell, text: string): Promise<void> {
    const { world } = this.process.host;
    let done = false;
    world.asyncWork.begin();
    const running = inner.execute(text).finally(() => {
      done = true;
      world.asyncWork.end();
    });
    await drive(
      world,
      () => done,
      (stuck) => this.relieve(stuck),
    );
    this.status = await running;
    await this.finishInside(inner);
  }

  /** After a line of the shell inside: its output, and, when it has ended, the rest of the line that opened it. */
  private async finishInside(inner: InteractiveShell): Promise<void> {
    const { world } = this.process.host;
    if (inner.closed) {
      this.inner = null;
      await drive(
        world,
        () => this.line?.done !== false || this.inner !== null,
        (stuck) => this.relieve(stuck),
      );
    }
    this.foreground.takeOutput(this.process);
  }

  private async ready(): Promise<EndlessBash> {
    const module = this.module!;
    const { process } = this;
    if (this.bash === null) {
      this.bash = new EndlessBash(module, {
        files: process.files,
        env: { ...Object.fromEntries(process.env), ...this.options.variables },
        programFolder: this.programFolder(),
        cwd: process.cwd,
        pid: process.innerPid,
        parentPid: process.parent?.innerPid ?? 0,
        commands: shellCommands(this, module),
        sleep: (milliseconds) => this.elapse(milliseconds * 1e6),
      });
    }
    const fresh = [...process.programs.keys()].filter(
      (name) => !this.registered.has(name) && !TEXT_TOOLS.includes(name) && !INSIDE_BASH.has(name),
    );
    if (fresh.length > 0) {
      for (const name of fresh) this.registered.add(name);
      await this.bash.registerCommands(fresh.map((name) => programCommand(this, module, name)));
    }
    return this.bash;
  }

  private programFolder(): "/usr/bin" | "/bin" {
    return this.process.files.lstat("/bin").type === "symlink" ? "/usr/bin" : "/bin";
  }

  private async executeNow(bash: EndlessBash, node: StatementNode, stdin: string): Promise<void> {
    this.statement = node;
    this.dropOutput = false;
    this.onTerminal = this.options.terminal === true ? terminalWriters(node) : () => false;
    const { status, stdout, stderr, exited } = await bash.execute(node, stdin);
    this.statement = null;
    this.status = this.dropOutput ? 0 : status;
    const printed = this.written.take({ stdout: this.dropOutput ? "" : stdout, stderr });
    for (const { stream, text } of printed)
      this.process[stream].write(stream === "stderr" ? this.words(text) : text);
    if (exited) this.close();
  }

  private async startInBackground(bash: EndlessBash, node: StatementNode): Promise<void> {
    const module = this.module!;
    const plan = planBackground(module, node, (name) => this.process.programs.has(name.replace(/^.*\//, "")));
    this.status = 0;
    if (plan !== null) {
      this.nextJob = plan;
      const { stderr } = await bash.execute(plan.start);
      this.process.stderr.write(this.words(stderr));
      this.nextJob = null;
      return;
    }
    this.nextJob = { text: statementText(module, node), filter: null };
    const stdout = new Output();
    const stderr = new Output();
    const spawned = this.process.spawn({
      argv: ["bash"],
      program: (process) =>
        nestedShell(process, node, new ShellSession(process, { variables: bash.variables })),
      stdout,
      stderr,
    });
    this.addJob(spawned, { stdout, stderr, outFile: null, errFile: null });
    this.nextJob = null;
  }

  private toBackground({ process, stdout, stderr }: ForegroundCommand, holds: boolean): void {
    const { text, filter, outFile } = describeForeground(this.module!, this.statement, process.argv);
    const job = this.jobs.add(text, process, { stdout, stderr, outFile, errFile: null }, filter);
    this.dropOutput = filter !== null;
    const { number } = job;
    if (holds) this.holding = job;
    else
      this.process.stderr.write(
        `[${number}] ${text}: goes on in the background, since only another command can end it ("kill %${number}" does)\n`,
      );
  }

  /** Shows what jobs have printed; announces the ended ones. */
  private async flushJobs(): Promise<void> {
    for (const job of [...this.jobs.all]) {
      const { stdout, stderr } = await this.outputOf(job);
      this.process.stdout.write(stdout);
      this.process.stderr.write(stderr);
      if (job.running) continue;
      if (job === this.holding) this.holding = null;
      else if (this.options.interactive === true) this.process.stderr.write(this.jobs.line(job));
      this.jobs.remove(job);
    }
  }

  private words(stderr: string): string {
    return shellErrors(stderr, this.flavour, (this.process.argv[0] ?? "sh").replace(/^-/, ""));
  }
}

/** Commands that bash runs in itself though programs of that name exist. */
const INSIDE_BASH: ReadonlySet<string> = new Set([
  "bash",
  "sh",
  "echo",
  "true",
  "false",
  "pwd",
  "kill",
  "test",
  "[",
]);
