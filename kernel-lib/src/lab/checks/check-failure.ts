/** A check does not hold. The lab is as the check's probes have left it. */
export class CheckFailure extends Error {
  constructor(
    readonly expected: string,
    readonly seen: string,
    /** Which hop to look at; empty where there is none. */
    readonly look: string,
  ) {
    const lines = [`expected: ${expected}`, `seen: ${seen}`, ...(look === "" ? [] : [`look at: ${look}`])];
    super(lines.join("\n"));
    this.name = "CheckFailure";
  }
}
