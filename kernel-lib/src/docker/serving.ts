import type { Steps, Wait } from "../host/process.js";

/** Which of a user's commands the daemon is serving: what it spawns meanwhile has that command as its cause. */
export class Serving {
  /** Undefined when the daemon acts by itself. */
  cause: string | undefined;

  /** Runs steps for a command. The steps of other commands may run in between, each with a cause of its own. */
  *run<T>(cause: string, body: Steps<T>): Steps<T> {
    let resume = () => body.next();
    let done = false;
    try {
      for (;;) {
        const step = this.during(cause, resume);
        if (step.done === true) {
          done = true;
          return step.value;
        }
        try {
          yield step.value;
          resume = () => body.next();
        } catch (error) {
          resume = () => body.throw(error);
        }
      }
    } finally {
      let step = done ? null : this.during(cause, () => body.return(undefined as T));
      while (step !== null && step.done !== true) {
        yield step.value;
        step = this.during(cause, () => body.next());
      }
    }
  }

  private during<T>(cause: string, resume: () => IteratorResult<Wait, T>): IteratorResult<Wait, T> {
    const outer = this.cause;
    this.cause = cause;
    try {
      return resume();
    } finally {
      this.cause = outer;
    }
  }
}
