import { ms, type Nanoseconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { until, untilOutsider } from "../../host/waits.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { Instance } from "./instance.js";
import { loadLibrary } from "./library.js";
import { readNodeWords } from "./words.js";

/** Time from exec to the first line of a program, measured on a present-day server core. */
const STARTING: Nanoseconds = ms(38);

/** A program that waits for others only, and has had nothing to do for so long, is a server at rest. */
const QUIET: Nanoseconds = ms(100);

/** `node`: runs JavaScript, and TypeScript with its types taken off, of the container's files on the lab's clock and network. */
export const node: Program = function* (process) {
  const words = readNodeWords(process);
  if ("status" in words) {
    process.stdout.write(words.stdout);
    process.stderr.write(words.stderr);
    return words.status;
  }
  const { text, script, print, argv, execArgv } = words;
  const main = ({ loader, runtime }: Instance) => {
    if (text === null) return loader.runMain(script);
    const value = loader.runText("[eval]", print ? `return (${text}\n)` : text);
    if (print) (runtime.scope["console"] as Console).log(value);
    return value;
  };
  return yield* runNode(process, main, argv, execArgv);
};

/** A Node process from its first line to its end. `main` runs as its first callback; a promise that it gives keeps the process alive. */
export function* runNode(
  process: Process,
  main: (instance: Instance) => unknown,
  argv: readonly string[],
  execArgv: readonly string[] = [],
): Steps {
  const start = new Start(process, main, argv, execArgv);
  try {
    while (start.instance === null) yield* until([start.done]);
    const { loop } = start.instance;
    while (loop.exitCode === null) {
      const quietAt = loop.lastTurn + QUIET;
      if (loop.waits === "work") yield* until([loop.changed]);
      else if (loop.now < quietAt) yield* until([loop.changed], quietAt);
      else yield* untilOutsider([loop.changed]);
    }
    return loop.exitCode;
  } finally {
    start.ended = true;
    start.instance?.loop.dispose();
  }
}

/** A process until its first callback: the code of Node's modules may have to be loaded. */
class Start {
  readonly done: WaitQueue;
  instance: Instance | null = null;
  ended = false;

  constructor(
    private readonly process: Process,
    private readonly main: (instance: Instance) => unknown,
    private readonly argv: readonly string[],
    private readonly execArgv: readonly string[],
  ) {
    const { scheduler } = process.host.world;
    this.done = new WaitQueue(scheduler);
    scheduler.after(STARTING, () => this.begin());
  }

  private begin(): void {
    if (this.ended) return;
    const { asyncWork, scheduler } = this.process.host.world;
    const { argv, uts } = this.process;
    asyncWork.demand(
      scheduler,
      () => `${argv.slice(0, 2).join(" ")} on ${uts.hostname}`,
      () => this.begin(),
    );
    asyncWork.begin();
    void this.load().finally(() => asyncWork.end());
  }

  private async load(): Promise<void> {
    const library = await loadLibrary();
    if (this.ended) return;
    const instance = new Instance(this.process, library, this.argv, this.execArgv);
    this.instance = instance;
    const { loop } = instance;
    const release = loop.hold("work");
    loop.after(0, () => {
      release();
      this.main(instance);
    });
    this.done.wakeAll();
  }
}
