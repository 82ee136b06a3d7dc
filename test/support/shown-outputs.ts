import { joinText, type MultilineText, type Output } from "../../kernel-lib/src/base/notebook.js";

/** Each output as one text: a stream's, a value's plain text (a trace's table is `TRACE`), or `ERROR name: message`. */
export function shownOutputs(outputs: readonly Output[]): string[] {
  return outputs.map((output) => {
    if (output.output_type === "stream") return joinText(output.text);
    if (output.output_type === "error") return `ERROR ${output.ename}: ${output.evalue}`;
    const text = joinText((output.data["text/plain"] ?? "") as MultilineText);
    return /^\d+ packets?\n/.test(text) ? "TRACE" : text;
  });
}
