import type { Process } from "../../../host/process.js";

/** Levels of the log, with their marks. */
const MARKS = { verbose: "-", notice: "*", warning: "#" } as const;
const RANKS: Readonly<Record<string, number>> = { debug: 0, verbose: 1, notice: 2, warning: 3 };
export type LogLevel = keyof typeof MARKS;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The server's log on standard output: `1:M 21 Nov 2026 03:12:00.123 * Ready to accept connections` (Redis 7.0, server.c serverLogRaw). */
export class ServerLog {
  /** C before the configuration is read, M for the master. */
  role: "C" | "M" = "C";

  constructor(
    private readonly process: Process,
    private readonly level: () => string,
  ) {}

  readonly write = (level: LogLevel, text: string, pid = this.process.innerPid, role = this.role): void => {
    if (RANKS[level]! < (RANKS[this.level()] ?? 2)) return;
    const time = formatTime(this.process.host.unixTime());
    this.process.stdout.write(`${pid}:${role} ${time} ${MARKS[level]} ${text}\n`);
  };

  notice(text: string): void {
    this.write("notice", text);
  }

  warning(text: string): void {
    this.write("warning", text);
  }

  /** What a signal handler writes, where no time can be formatted. */
  signal(text: string): void {
    const { process } = this;
    process.stdout.write(
      `${process.innerPid}:signal-handler (${Math.floor(process.host.unixTime())}) ${text}\n`,
    );
  }
}

function formatTime(unix: number): string {
  const date = new Date(Math.floor(unix * 1000));
  const two = (number: number, width = 2) => String(number).padStart(width, "0");
  const day = `${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${clock}.${two(date.getUTCMilliseconds(), 3)}`;
}
