import type { Command, ResolvedCommandContext } from "just-bash";
import { KernelError } from "../../base/errno.js";
import { ms } from "../../base/units.js";
import { Output, type SpawnOptions } from "../../host/process.js";
import { readRedirections } from "./background.js";
import type { BashModule } from "./bash-module.js";
import type { Job } from "./jobs.js";
import { readKill } from "./kill-words.js";
import type { ShellSession } from "./session.js";

type Result = { stdout: string; stderr: string; exitCode: number };

const ok = (stdout = ""): Result => ({ stdout, stderr: "", exitCode: 0 });
const failed = (stderr: string, exitCode = 1): Result => ({ stdout: "", stderr, exitCode });

function command(
  name: string,
  execute: (args: string[], ctx: ResolvedCommandContext) => Promise<Result>,
): Command {
  return { name, trusted: true, execute: execute as Command["execute"] };
}

/** What a command of this shell inherits besides its words. */
function inherited(
  module: BashModule,
  ctx: ResolvedCommandContext,
): Pick<SpawnOptions, "env" | "cwd" | "stdin"> {
  return {
    env: new Map(Object.entries(ctx.exportedEnv ?? {})),
    cwd: ctx.cwd,
    stdin: module.decodeBytesToUtf8(ctx.stdin),
  };
}

/** A machine's program as a command of bash: a process is spawned, and the clock goes on until it ends or goes to the background. */
export function programCommand(session: ShellSession, module: BashModule, name: string): Command {
  return command(name, async (args, ctx) => {
    if (!session.process.programs.has(name)) return failed(`bash: ${name}: command not found\n`, 127);
    await session.elapse(session.process.host.world.costs.exec);
    const stdout = session.written.output("stdout");
    const stderr = session.written.output("stderr");
    const spawned = session.process.spawn({
      ...inherited(module, ctx),
      argv: [name, ...args],
      stdout,
      stderr,
      tty: session.onTerminal(name),
    });
    const end = await session.inForeground({ process: spawned, stdout, stderr });
    if (end === "background") return ok();
    return { stdout: stdout.take(), stderr: stderr.take(), exitCode: spawned.exitCode ?? 0 };
  });
}

/**
 * The programs of a shell in the filter behind a command that goes on in the background: refused. The filter is run piece by piece while the clock
 * stands, and a program takes time.
 */
export function filterCommands(programs: Iterable<string>, module: BashModule): Command[] {
  const own: readonly string[] = module.getCommandNames();
  const refused = [...programs].filter((name) => !own.includes(name));
  return refused.map((name) =>
    command(name, async () =>
      failed(`bash: ${name}: is not supported here behind a command that goes on in the background\n`, 126),
    ),
  );
}

/** The commands that bash has in itself and just-bash has not. */
export function shellCommands(session: ShellSession, module: BashModule): Command[] {
  return [
    command("job-start", (args, ctx) => startJob(session, module, args, ctx)),
    command("job-wait", (args) => waitForJobs(session, args)),
    command("jobs", async (args) => listJobs(session, args)),
    command("kill", async (args) => kill(session, args)),
    command("fg", (args) => foreground(session, args)),
    command("bg", async (args) => {
      const job = session.jobs.find(args[0] ?? "%%");
      return job === null
        ? failed(`bash: bg: ${args[0] ?? "current"}: no such job\n`)
        : failed(`bash: bg: job ${job.number} already in background\n`, 0);
    }),
    command("disown", async (args) => {
      const job = session.jobs.find(args[0] ?? "%%");
      if (job === null) return failed(`bash: disown: ${args[0] ?? "current"}: no such job\n`);
      session.jobs.remove(job);
      return ok();
    }),
    command("umask", async (args) =>
      args.length === 0 ? ok("0022\n") : failed("bash: umask: setting a mask is not supported here\n"),
    ),
    command("ulimit", async (args) =>
      args[0] === "-n" && args.length === 1
        ? ok("1024\n")
        : failed("bash: ulimit: only -n is supported here\n"),
    ),
    command("trap", async () => failed("bash: trap: is not supported here\n")),
  ];
}

async function startJob(
  session: ShellSession,
  module: BashModule,
  args: string[],
  ctx: ResolvedCommandContext,
): Promise<Result> {
  const split = args.indexOf("--");
  const words = args.slice(split + 1);
  const to = readRedirections(args.slice(0, split));
  const { files } = session.process;
  const absolute = (path: string | null) =>
    path === null ? null : path.startsWith("/") ? path : `${ctx.cwd}/${path}`;
  try {
    for (const path of to.truncate) files.write(absolute(path)!, "");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return failed(`bash: ${to.truncate[0]}: ${error.message}\n`);
  }
  await session.elapse(session.process.host.world.costs.exec);
  const stdout = new Output();
  const stderr = new Output();
  const given = inherited(module, ctx);
  const process = session.process.spawn({
    ...given,
    ...(to.stdin === null ? {} : { stdin: files.readText(absolute(to.stdin)!) }),
    argv: words,
    stdout,
    stderr,
    tty: false,
  });
  session.addJob(process, { stdout, stderr, outFile: absolute(to.stdout), errFile: absolute(to.stderr) });
  return ok();
}

async function waitForJobs(session: ShellSession, args: string[]): Promise<Result> {
  const wanted: Job[] = [];
  for (const word of args.filter((arg) => !arg.startsWith("-"))) {
    const job = word.startsWith("%") ? session.jobs.find(word) : session.jobs.byPid(Number(word));
    if (job === null)
      return failed(
        word.startsWith("%")
          ? `bash: wait: ${word}: no such job\n`
          : `bash: wait: pid ${word} is not a child of this shell\n`,
        127,
      );
    wanted.push(job);
  }
  let status = 0;
  for (const job of wanted.length > 0 ? wanted : [...session.jobs.all]) {
    const end = await session.waitForJob(job);
    if (end === "background")
      return failed(
        `bash: wait: [${job.number}] ${job.text}: only another command can end it ("kill %${job.number}" does)\n`,
        130,
      );
    status = wanted.length > 0 ? (job.process.exitCode ?? 0) : 0;
  }
  return { stdout: "", stderr: "", exitCode: status };
}

function listJobs(session: ShellSession, args: string[]): Result {
  const jobs = [...session.jobs.all];
  const text = jobs
    .map((job) => (args.includes("-p") ? `${job.process.innerPid}\n` : session.jobs.line(job)))
    .join("");
  for (const job of jobs) if (!job.running) session.jobs.remove(job);
  return ok(text);
}

/** `fg`: the job's command, and then its end: by itself, or as by Ctrl-C when only that could end it. */
async function foreground(session: ShellSession, args: string[]): Promise<Result> {
  const job = session.jobs.find(args[0] ?? "%%");
  if (job === null) return failed(`bash: fg: ${args[0] ?? "current"}: no such job\n`);
  if ((await session.waitForJob(job)) === "background") {
    job.process.kill("SIGINT");
    // Its last words are written when it is next woken.
    await session.elapse(ms(1));
    if (job.running) job.process.kill("SIGKILL");
  }
  const { stdout, stderr } = await session.outputOf(job);
  session.jobs.remove(job);
  return { stdout: `${job.text}\n${stdout}`, stderr, exitCode: job.process.exitCode ?? 0 };
}

function kill(session: ShellSession, args: string[]): Result {
  if (args[0] === "-l") return ok(" 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 9) SIGKILL\t15) SIGTERM\n");
  const request = readKill(args);
  if ("error" in request)
    return failed(
      request.error.startsWith("usage") ? `kill: ${request.error}\n` : `bash: kill: ${request.error}\n`,
    );
  let stderr = "";
  for (const target of request.targets) {
    if (!/^(%.*|\d+)$/.test(target)) {
      stderr += `bash: kill: ${target}: arguments must be process or job IDs\n`;
      continue;
    }
    const process = target.startsWith("%")
      ? (session.jobs.find(target)?.process ?? null)
      : session.findProcess(Number(target));
    if (process === null || process.exitCode !== null)
      stderr += `bash: kill: ${target.startsWith("%") ? `${target}: no such job` : `(${target}) - No such process`}\n`;
    else if (request.signal !== 0) process.kill(request.signal);
  }
  return { stdout: "", stderr, exitCode: stderr === "" ? 0 : 1 };
}
