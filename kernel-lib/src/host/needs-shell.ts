/** A command runs a shell, whose lines are promises, under a call that cannot wait for them. The command has been ended. */
export class NeedsShell extends Error {
  constructor(command: string) {
    super(`${command} runs a shell: use the asynchronous form (sh\`…\`) for it`);
    this.name = "NeedsShell";
  }
}
