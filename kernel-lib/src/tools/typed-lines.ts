import { ms } from "../base/units.js";
import type { InteractiveShell, Process } from "../host/process.js";
import { WaitQueue } from "../sim/wait-queue.js";

/** Virtual time after each line, before the next may be typed: what the line is answered with is on the screen by then. */
const TYPING = ms(500);

/**
 * What is typed at the terminal of a program that reads it (`telnet`): the lines of the session go to the program until it ends, as those of a terminal do.
 * A program that waits for it yields a wait of the kind "terminal".
 */
export class TypedLines implements InteractiveShell {
  readonly heldJob = null;
  closed = false;
  /** Wakes when something has been typed. */
  readonly wait: WaitQueue;
  private text = "";

  constructor(
    private readonly process: Process,
    /** What the program prints before it reads a line. */
    private readonly ask: () => string = () => "",
  ) {
    this.wait = new WaitQueue(process.host.world.scheduler);
  }

  get prompt(): string {
    return this.ask();
  }

  /** What has been typed since it was last asked. */
  take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }

  execute(line: string): Promise<number> {
    const { asyncWork, scheduler } = this.process.host.world;
    this.text += `${line}\n`;
    this.wait.wakeAll();
    asyncWork.end();
    return new Promise((resolve) => {
      scheduler.after(TYPING, () => {
        asyncWork.begin();
        resolve(0);
      });
    });
  }

  relieve(): boolean {
    return false;
  }

  isIncomplete(): boolean {
    return false;
  }

  /** End of input (Ctrl-D), or the program has ended. */
  close(): void {
    this.closed = true;
    this.wait.wakeAll();
  }
}
