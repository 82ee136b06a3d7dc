import type { HookEvent, HookStep, Rewrite, RuleOrigin } from "./events.js";

/** Targets that change a packet and let it go on to the next rule, by what they change. */
const CHANGING: Readonly<Partial<Record<Rewrite["what"], RegExp>>> = {
  mark: /-j (MARK|CONNMARK) /,
  TTL: /-j TTL /,
};

/** The last thing that each table had to say at a hook: a rule, or the policy at the chain's end; and before it the last rule that changed what is changed. */
function decisions({ steps, changes }: HookEvent): readonly HookStep[] {
  const last = new Map<string, HookStep>();
  for (const step of steps) if (step.matched) last.set(step.table, step);
  const changing = changes.flatMap(({ what }) => {
    const target = CHANGING[what];
    return target === undefined ? [] : [steps.findLast(({ matched, text }) => matched && target.test(text))];
  });
  const wanted = new Set([...last.values(), ...changing]);
  return steps.filter((step) => wanted.has(step));
}

/** The rules (or the dropping policy) that decided what a hook did or changed the packet; empty when all was left to ACCEPT policies. */
export function decidingSteps(event: HookEvent): readonly HookStep[] {
  return decisions(event).filter(({ rule, text }) => rule > 0 || text !== "policy ACCEPT");
}

/** Rules that a packet missed by one term only, and that would not have let it down: what to look at when it was dropped. */
export function nearMisses(event: HookEvent): readonly HookStep[] {
  return event.steps.filter(
    ({ failed, alsoFailed, text }) =>
      failed !== undefined &&
      alsoFailed === undefined &&
      !failed.startsWith("-p ") &&
      failed !== conditionsOf(text),
  );
}

/** `-i docker0 -o docker0` of `-i docker0 -o docker0 -j ACCEPT`. */
function conditionsOf(text: string): string {
  return text.replace(/(^| )-[jg] .*$/, "");
}

/** `filter FORWARD 6: -i docker0 -o docker0 -j ACCEPT`, `filter FORWARD policy DROP` at the end of a chain, or what IPVS did. */
export function stepText({ table, chain, rule, text }: HookStep): string {
  if (table === "ipvs") return `IPVS ${text}`;
  return rule === 0 ? `${table} ${chain} ${text}` : `${table} ${chain} ${rule}: ${text}`;
}

/** The user's command behind a rule: the `docker` command, `dockerd`, or what was typed. Empty when nobody made it. */
export function behind(origin: RuleOrigin | undefined | null): string {
  return origin?.cause ?? origin?.command ?? "";
}

const LIMIT = 64;

/** A long command with its middle left out. */
export function shortened(command: string, limit = LIMIT): string {
  const characters = [...command];
  if (characters.length <= limit) return command;
  const tail = Math.floor(limit / 3);
  return `${characters.slice(0, limit - tail - 1).join("")}…${characters.slice(-tail).join("")}`;
}
