import { Lab } from "hopbook";
import { ShellLines } from "../../kernel-lib/src/cli/shell-lines.js";
import type { Ran } from "./play.js";
import { seedBlocks } from "./seed.js";

export const HOSTS = ["host-a", "host-b"] as const;
export type HostName = (typeof HOSTS)[number];

/** The lab that `hopbook shell --preset vxlan` opens, and everything that was typed in it. */
export class TwoHosts {
  readonly ran: (Ran & { readonly host: HostName })[] = [];

  private constructor(private readonly shell: ShellLines) {}

  static async open(): Promise<TwoHosts> {
    const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 }) as unknown as Lab;
    const shell = new ShellLines(lab, { interactive: false });
    await shell.open();
    return new TwoHosts(shell);
  }

  /** Types a line at a host's prompt. */
  async type(host: HostName, line: string): Promise<Ran> {
    const result = { host, line, ...(await this.shell.run(this.shell.switchMachine(`${host}# ${line}`))) };
    this.ran.push(result);
    return result;
  }

  /** Types a line on both, as the recording did. */
  async both(line: string): Promise<void> {
    for (const host of HOSTS) await this.type(host, line);
  }

  /** What a line printed on a host, both streams. */
  async printed(host: HostName, line: string): Promise<string> {
    const { stdout, stderr } = await this.type(host, line);
    return stdout + stderr;
  }

  /** The kernel logs of both, as one kernel would write them: by time. */
  kernelLog(): readonly string[] {
    const lines = HOSTS.flatMap((host) => this.shell.lab.machine(host).host.kernelLog.lines);
    return lines.sort((a, b) => a.at - b.at).map(({ text }) => text);
  }
}

/** §3-5: the commands for one host with `test-net`, then those of host A and host B with their placeholders filled. */
export function sectionFive(): {
  readonly testNet: readonly string[];
  readonly of: Readonly<Record<HostName, readonly string[]>>;
} {
  const [testNet, a, b] = seedBlocks("3-5");
  const filled = (lines: readonly string[]) =>
    lines.map((line) =>
      line
        .replace("<ホストAのパブリックアドレス>", "192.168.56.101")
        .replace("<ホストBのパブリックアドレス>", "192.168.56.102"),
    );
  return { testNet: testNet!, of: { "host-a": filled(a!), "host-b": filled(b!) } };
}
