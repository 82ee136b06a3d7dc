import { ERRNO_TEXT, type Errno } from "../../base/errno.js";

/** Error texts of a shell in its own form: bash's on a machine, busybox's `sh: foo: not found` in a container. */
export function shellErrors(raw: string, flavour: "bash" | "ash", name: string): string {
  const stderr = redirectionErrors(raw);
  if (flavour === "bash") return stderr;
  return stderr
    .replace(/^bash: (.*): command not found$/gm, `${name}: $1: not found`)
    .replace(/^bash: /gm, `${name}: `);
}

/** What a redirection met, in bash's words instead of just-bash's: the file cannot be opened, or the kernel refuses what is written to it. */
function redirectionErrors(stderr: string): string {
  return stderr.replace(/^(E[A-Z]+): .*?, \w+ '(.*)'$/gm, (_, errno: Errno, path: string) => {
    if (errno === "EPERM" && /^\/(proc|sys)\//.test(path)) return `bash: ${path}: ${ERRNO_TEXT.ENOENT}`;
    return errno === "EINVAL"
      ? `bash: echo: write error: ${ERRNO_TEXT.EINVAL}`
      : `bash: ${path}: ${ERRNO_TEXT[errno]}`;
  });
}
