/**
 * Counts what runs as promises beside the clock: shells between two commands. The clock may only go on while nothing of that kind is
 * busy, so that a lab's events do not depend on how many turns of JavaScript's task queue a shell takes.
 */
export class AsyncWork {
  private busyCount = 0;
  private idleWaiters: (() => void)[] = [];

  get busy(): boolean {
    return this.busyCount > 0;
  }

  begin(): void {
    this.busyCount++;
  }

  end(): void {
    this.busyCount--;
    if (this.busyCount > 0) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when nothing is busy. */
  async idle(): Promise<void> {
    while (this.busyCount > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }
}
