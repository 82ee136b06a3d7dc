import { Output } from "../../host/process.js";

/** A piece of what a statement has printed. */
export interface Printed {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/**
 * The order in which the programs of a statement wrote to their two streams. bash gives the streams apart, as a script wants them; a
 * terminal shows one after the other only where they were written so.
 */
export class WrittenOrder {
  private readonly writes: Printed[] = [];

  /** A program's stream. */
  output(stream: Printed["stream"]): Output {
    return new Output((text) => {
      if (text !== "") this.writes.push({ stream, text });
    });
  }

  /**
   * What has come out of the statement, in the order of writing. A write that is not found in `out` went elsewhere (a file, a pipe);
   * text that no program wrote (a built-in's) stays before the next write after it.
   */
  take(out: Readonly<Record<Printed["stream"], string>>): Printed[] {
    const at = { stdout: 0, stderr: 0 };
    const printed: Printed[] = [];
    const show = (stream: Printed["stream"], end: number) => {
      const text = out[stream].slice(at[stream], end);
      at[stream] = end;
      const last = printed.at(-1);
      if (text === "") return;
      if (last?.stream === stream) printed[printed.length - 1] = { stream, text: last.text + text };
      else printed.push({ stream, text });
    };
    for (const { stream, text } of this.writes.splice(0)) {
      const found = out[stream].indexOf(text, at[stream]);
      if (found >= 0) show(stream, found + text.length);
    }
    show("stdout", out.stdout.length);
    show("stderr", out.stderr.length);
    return printed;
  }
}
