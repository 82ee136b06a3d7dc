/**
 * A Node program has something to do while a call runs the clock that cannot wait for promises. The lab is as it was before the program's turn; the next
 * asynchronous call goes on with it.
 */
export class NeedsPromise extends Error {
  constructor(
    /** Whose turn it is: `node server.ts on host-a`. */
    readonly who: string,
  ) {
    super(
      `${who} has something to do now, and its JavaScript runs on promises: use an asynchronous call (await machine.sh\`…\`, await lab.sleep(…)) in place of this one`,
    );
    this.name = "NeedsPromise";
  }
}
