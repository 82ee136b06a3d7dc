import type { Call } from "../call.js";
import { Double, type Reply } from "../reply.js";
import type { Scored } from "../sorted-set-value.js";

/** Members with their scores: `member, score, …` in RESP2, in RESP3 pairs with doubles. */
export function scoredReply(call: Call, items: readonly Scored[]): Reply {
  if (call.session.resp === 3) return items.map(({ member, score }) => [member, new Double(score)]);
  return items.flatMap(({ member, score }) => [member, new Double(score)]);
}
