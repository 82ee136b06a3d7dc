/** A build that is refused or fails, in the builder's words. */
export class BuildError extends Error {
  constructor(
    message: string,
    /** Line of the Dockerfile, from 1; null where no line is at fault. */
    readonly line: number | null = null,
    /** `syntax`: the Dockerfile cannot be read, so no step has begun; `step`: a step has failed. */
    readonly stage: "syntax" | "step" = "step",
    /** Exit status of the client. */
    readonly status = 1,
  ) {
    super(message);
  }
}
