import { behind, decidingSteps, nearMisses, stepText } from "./deciding.js";
import type { HookEvent, HookStep, TraceEvent } from "./events.js";

/** For each packet (or copy) that rules ended: the rule, the command behind it, and the rule that would have let it through but for one term. */
export function dropNotes(events: readonly TraceEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === "hook" && event.verdict === "drop" ? notesOf(event) : []));
}

function notesOf(event: HookEvent): string[] {
  const rule = decidingSteps(event).at(-1);
  if (rule === undefined) return [];
  return [`Dropped by ${stepText(rule)}${madeBy(rule)}.`, ...nearMissNotes(event, rule)];
}

function madeBy({ origin, rule }: HookStep): string {
  if (origin === undefined) return "";
  const verb = rule === 0 ? "set" : "made";
  return origin.cause === null
    ? `, ${verb} by ${origin.command}`
    : `, ${verb} by ${origin.cause} (${origin.command})`;
}

/** Only rules of the table that dropped it, and only those that would have accepted it. */
function nearMissNotes(event: HookEvent, dropped: HookStep): string[] {
  return nearMisses(event)
    .filter(({ table, text }) => table === dropped.table && / -[jg] /.test(` ${text}`) && !REFUSES.test(text))
    .map((step) => {
      const from = behind(step.origin);
      return `Near miss: ${stepText(step)}${from === "" ? "" : ` (${from})`}: only ${step.failed} does not hold. ${packetText(event)}`;
    });
}

const REFUSES = /-j (DROP|REJECT|RETURN|LOG)\b/;

function packetText({ ends, input, output, connection }: HookEvent): string {
  const way = [input === "" ? "" : `in by ${input}`, output === "" ? "" : `out by ${output}`].filter(Boolean);
  const state = connection === null ? [] : [`connection ${connection.state}`];
  return `The packet here: ${[ends, ...way, ...state].join(", ")}.`;
}

/**
 * Why a rule about a published port misses: the address or port that it names is the one from before DNAT. Gives the term to use instead, or "".
 */
export function beforeDnat(step: HookStep, { ends, connection }: HookEvent): string {
  if (step.failed === undefined || connection === null || connection.original === "") return "";
  const asked = /--(?:dport|destination-port) (\d+)/.exec(step.failed)?.[1];
  const [, original] = / → \S+?:(\d+)$/.exec(connection.original) ?? [];
  const [, now] = / → \S+?:(\d+)$/.exec(ends) ?? [];
  if (asked === undefined || connection.direction === "reply" || asked !== original || asked === now)
    return "";
  return `the port was ${original} before DNAT and is ${now} here: -m conntrack --ctorigdstport ${original}`;
}
