import type { Host } from "../../host/host.js";
import { Output, type Process } from "../../host/process.js";

/** The process of a machine's session: `-bash`, which waits for lines. Both its streams go to `screen` too. */
export function loginShell(host: Host, screen: Output, terminal: boolean): Process {
  return host.spawn({
    argv: ["-bash"],
    program: function* () {
      for (;;) yield { kind: "wait", queues: [], deadline: null };
    },
    cwd: "/root",
    stdout: new Output((chunk) => screen.write(chunk)),
    stderr: new Output((chunk) => screen.write(chunk)),
    tty: terminal,
  });
}

/** `root@docker01:~# `, or busybox's `/ # `. */
export function promptOf({ cwd, env, uts }: Process, flavour: "bash" | "ash"): string {
  const home = env.get("HOME") ?? "/root";
  if (flavour === "ash") return `${cwd === home ? "~" : cwd} # `;
  const shown = cwd === home ? "~" : cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd;
  return `root@${uts.hostname}:${shown}# `;
}
