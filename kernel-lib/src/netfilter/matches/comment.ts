import type { MatchExtension, Test } from "../extension.js";
import { quoted, refuseRepeats, required } from "../options.js";
import { type MatchValue, RuleError } from "../rule.js";

/** `-m comment --comment TEXT`: at most 255 characters; it always matches. */
export interface CommentMatch extends MatchValue {
  readonly match: "comment";
  readonly text: string;
}

const ALWAYS: Test = { matches: () => true };

export const commentMatch: MatchExtension<CommentMatch> = {
  name: "comment",
  options: [{ name: "comment", words: 1 }],
  parse(given) {
    refuseRepeats("comment", given);
    const text = required("comment", given, "comment").words[0]!;
    if (text.length > 255)
      throw new RuleError('comment: option "--comment" must be at most 255 characters long.\n');
    return { match: "comment", text };
  },
  save: ({ text }) => ` --comment ${quoted(text)}`,
  list: ({ text }) => ` /* ${text} */`,
  compile: () => ALWAYS,
};
