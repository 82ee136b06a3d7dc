/** What the daemon refuses: the client prints `Error response from daemon: MESSAGE`. `kind` is the API's answer, as far as clients look at it. */
export class DockerError extends Error {
  override readonly name = "DockerError";
  constructor(
    message: string,
    readonly kind: "invalid" | "notFound" | "conflict" | "forbidden" | "server" = "server",
    /** What is not found, or runc's exit status. */
    readonly subject: string = "",
  ) {
    super(message);
  }
}
