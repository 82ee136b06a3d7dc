import { DROP_REASON_TEXT, type DropReason } from "../../trace/drop-reason.js";
import { dropNotes } from "../../trace/dropped.js";
import type { Hop } from "../../trace/hop.js";
import type { Journey } from "../../trace/journey.js";
import { shortName } from "../../trace/place-name.js";
import { isAt, type Place } from "./place.js";
import type { Probe, Probed } from "./probe.js";
import type { Finding } from "./report.js";

type Seen = Pick<Finding, "seen" | "look">;

interface Lost {
  readonly from: Place;
  /** Who should have got the request; null when anybody may. */
  readonly at: Place | null;
  readonly probe: Probe;
  readonly probed: Probed;
}

/** Where a probe that failed was lost, in words, and the hop to look at. */
export function lossOf(lost: Lost): Seen {
  const { probe, probed } = lost;
  const said = probed.output.text.split("\n").findLast((line) => line.trim() !== "") ?? "";
  const request = probed.requests.find((journey) => !arrives(journey, lost.at)) ?? probed.requests.at(-1);
  if (request === undefined)
    return { seen: `no ${probe.noun} left${said === "" ? "" : `: ${said}`}`, look: "" };
  if (!request.delivered) return endOf(request, `the ${probe.noun}`, probed);
  const answer = answerOf(request, lost);
  if (!arrives(request, lost.at) && (answer === null || lost.at !== null))
    return wrongPlace(request, lost, answer);
  if (answer === null)
    return {
      seen: `the ${probe.noun} arrived, no answer was sent`,
      look: hopText(request, request.hops.at(-1)),
    };
  if (/^TCP RST/.test(answer.summary))
    return { seen: "a reset: no program listens there", look: hopText(request, request.hops.at(-1)) };
  if (!answer.delivered) return endOf(answer, "the answer", probed);
  return {
    seen: `a connection, and then: ${said === "" ? `status ${probed.output.status}` : said}`,
    look: laterLoss(probed),
  };
}

/** Reasons that copies of a flooded frame end with where nothing is wrong. */
const USUAL: ReadonlySet<DropReason> = new Set(["OTHERHOST", "UNHANDLED_PROTO", "UNICAST_IN_L2_MULTICAST"]);

function arrives({ fates }: Journey, at: Place | null): boolean {
  return fates.some((fate) => fate.kind === "delivered" && (at === null || isAt(at, fate)));
}

/** How a packet ended that nobody got, and what follows from it. */
function endOf(journey: Journey, who: string, probed: Probed): Seen {
  const drops = journey.hops.filter(({ event }) => event.kind === "drop");
  const drop = drops.find(({ event }) => event.kind === "drop" && !USUAL.has(event.reason)) ?? drops[0];
  if (drop === undefined || (drop.event.kind === "drop" && drop.event.reason === "NEIGH_FAILED"))
    return unresolved(journey, who, probed) ?? simpleEnd(journey, who, drop);
  return simpleEnd(journey, who, drop);
}

function simpleEnd(journey: Journey, who: string, drop: Hop | undefined): Seen {
  const notes = tellingNotes(dropNotes(journey.events));
  if (drop?.event.kind !== "drop") {
    const end = journey.delivered ? "arrived, and nobody there has that address" : "is still under way";
    return { seen: `${who} ${end}`, look: hopText(journey, journey.hops.at(-1)) };
  }
  const { reason, where } = drop.event;
  const seen = `${who} was dropped at ${where} ${placePhrase(drop)}: ${DROP_REASON_TEXT[reason]} (${reason})`;
  return { seen: [seen, ...notes].join("\n"), look: hopText(journey, decidingHop(journey, reason) ?? drop) };
}

/** Where it was decided that the packet ends: the rule's hook, or the neighbour entry that gave it a stranger's MAC. */
function decidingHop({ hops }: Journey, reason: DropReason): Hop | undefined {
  if (reason === "NETFILTER_DROP") return hops.findLast(isDroppingHook);
  return reason === "OTHERHOST"
    ? hops.findLast(({ event, tunnel }) => event.kind === "neighbour" && tunnel === null)
    : undefined;
}

/** The rule that dropped it, and the one near miss that tells most: one that a port or an address decided, before one of interfaces or states. */
function tellingNotes(notes: readonly string[]): readonly string[] {
  const near = notes.filter((note) => note.startsWith("Near miss"));
  const rank = (note: string) => (/only (-m (tcp|udp) |-[sd] )/.test(note) ? 0 : 1);
  const best = [...near].sort((a, b) => rank(a) - rank(b)).slice(0, 1);
  return [...notes.filter((note) => !near.includes(note)), ...best];
}

function isDroppingHook({ event }: Hop): boolean {
  return event.kind === "hook" && event.verdict === "drop";
}

/** A packet that waited for ARP: what became of the question, or of its answer. Null when there was none. */
function unresolved(journey: Journey, who: string, { trace }: Probed): Seen | null {
  const question = trace.journeys.find(
    ({ cause, summary }) => cause === journey.id && summary.startsWith("ARP who has"),
  );
  if (question === undefined) return null;
  const address = /^ARP who has ([\d.]+)/.exec(question.summary)?.[1] ?? "";
  const waits = `${who} waits for ARP`;
  const answer = trace.journeys.find(({ summary }) => summary.startsWith(`ARP ${address} is at`));
  if (answer === undefined) {
    const { look, seen } = simpleEnd(question, `the question “who has ${address}”`, tellingDrop(question));
    return { seen: `${waits}: nobody answers. ${capital(seen)}`, look };
  }
  if (answer.delivered) return null;
  const { look, seen } = simpleEnd(answer, `the answer “${answer.summary}”`, tellingDrop(answer));
  return { seen: `${waits}. ${capital(seen)}`, look };
}

/** Where a broadcast was lost: what a rule or a device refused, before what a stranger was right to ignore. */
function tellingDrop(journey: Journey): Hop | undefined {
  const drops = journey.hops.filter(({ event }) => event.kind === "drop");
  return drops.find(({ event }) => event.kind === "drop" && !USUAL.has(event.reason)) ?? drops.at(-1);
}

function answerOf(request: Journey, { probe, probed }: Lost): Journey | null {
  const answers = probed.trace.journeys.filter(
    ({ summary, startedAt }) =>
      startedAt >= request.startedAt && (summary.startsWith(probe.answer) || /^TCP RST/.test(summary)),
  );
  return answers.find(({ delivered }) => !delivered) ?? answers[0] ?? null;
}

function wrongPlace(request: Journey, { at, probe }: Lost, answer: Journey | null): Seen {
  const end = request.fates.find((fate) => fate.kind === "delivered");
  const to = end?.kind === "delivered" ? `${end.to} ${placePhrase(end)}` : "nobody";
  const reset = answer !== null && /^TCP RST/.test(answer.summary) ? ", which answered with a reset" : "";
  const wanted = at === null ? "" : `, not to ${at.name}`;
  const hop = request.hops.findLast(({ event }) => event.kind === "route") ?? request.hops.at(-1);
  return { seen: `the ${probe.noun} was delivered to ${to}${wanted}${reset}`, look: hopText(request, hop) };
}

/** The first packet that was lost after the connection stood. */
function laterLoss({ trace }: Probed): string {
  const lost = trace.journeys.find(
    ({ fates, delivered, summary }) =>
      !delivered &&
      summary.startsWith("TCP") &&
      fates.some((fate) => fate.kind === "drop" && !USUAL.has(fate.reason)),
  );
  return lost === undefined ? "" : hopText(lost, tellingDrop(lost));
}

function placeText({ netns, machine }: Pick<Hop, "netns" | "machine">): string {
  const name = shortName(netns);
  return netns === machine ? machine : `${name} on ${machine}`;
}

function placePhrase(hop: Pick<Hop, "netns" | "machine">): string {
  return hop.netns === hop.machine ? `on ${hop.machine}` : `in ${placeText(hop)}`;
}

/** `hop 7 of 9 of ICMP echo request …, host-a: what happened there`. */
export function hopText({ hops, summary }: Journey, hop: Hop | undefined): string {
  if (hop === undefined) return "";
  return `hop ${hop.number} of ${hops.length} of “${summary}”, ${placeText(hop)}, ${hop.stage}: ${hop.text}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
