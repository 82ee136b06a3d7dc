/** A network namespace as commands name it: what `ip link set DEVICE netns` takes, and the words before a command that is to run in it. */
export interface Place {
  readonly netns: string;
  readonly enter: readonly string[];
}

/** The namespace of a process. */
export function placeOfProcess(pid: number): Place {
  return { netns: String(pid), enter: ["nsenter", "-t", String(pid), "-n"] };
}

/** The namespace that is mounted on a file. */
export function placeOfFile(path: string): Place {
  return { netns: path, enter: ["nsenter", `--net=${path}`] };
}
