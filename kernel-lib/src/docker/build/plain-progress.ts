import type { Nanoseconds } from "../../base/units.js";

/** The progress of BuildKit without a terminal (`--progress=plain`): a numbered paragraph for each thing that is done. */
export class PlainProgress {
  private number = 0;
  private since: Nanoseconds = 0;
  private unfinished = "";
  private title = "";
  /** Of the step at hand: what its command has printed. */
  private log: string[] = [];
  /** What is told again at the end when a step has failed. */
  failure = "";

  constructor(
    private readonly write: (text: string) => void,
    readonly clock: () => Nanoseconds,
  ) {
    write('#0 building with "default" instance using docker driver\n');
  }

  begin(title: string): void {
    this.number++;
    this.since = this.clock();
    this.title = title;
    this.log = [];
    this.write(`\n#${this.number} ${title}\n`);
  }

  say(text: string): void {
    this.write(`#${this.number} ${text}\n`);
  }

  /** What the step's command prints, each line with the time since its start in seconds. */
  output(chunk: string): void {
    const lines = (this.unfinished + chunk).split("\n");
    this.unfinished = lines.pop()!;
    for (const line of lines) this.line(line);
  }

  done(): void {
    this.flush();
    this.say(`DONE ${this.seconds(1)}s`);
  }

  cached(): void {
    this.say("CACHED");
  }

  failed(message: string): void {
    this.flush();
    this.say(`ERROR: ${message}`);
    this.failure = `------\n > ${this.title}:\n${this.log.map((line) => `${line}\n`).join("")}------\n`;
  }

  private flush(): void {
    if (this.unfinished !== "") this.line(this.unfinished);
    this.unfinished = "";
  }

  private line(text: string): void {
    const timed = `${this.seconds(3)} ${text}`;
    this.log.push(timed);
    this.say(timed);
  }

  private seconds(digits: number): string {
    return ((this.clock() - this.since) / 1e9).toFixed(digits);
  }
}
