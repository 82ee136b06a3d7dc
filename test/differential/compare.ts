import type { Case } from "./case.js";
import { connectionObservation, type FreeValue, frameObservation, type Observation } from "./observation.js";
import type { Played } from "./play.js";
import type { Heard } from "./side.js";
import { DRAWN_RANGES, KNOWN_PORTS } from "./vocabulary.js";

/** One thing that the two sides do not agree on, as lines to read. */
export interface Difference {
  readonly where: string;
  readonly real: readonly string[];
  readonly ours: readonly string[];
}

/** Where two plays of one case differ: complaints, deliveries step by step, counters, connections. */
export function differences({ steps }: Case, real: Played, ours: Played): readonly Difference[] {
  if ((real.refused === "") !== (ours.refused === ""))
    return [{ where: "iptables-restore", real: [real.refused], ours: [ours.refused] }];
  const highestId = Math.max(0, ...steps.map(({ id }) => id));
  const found: Difference[] = [];
  for (const [i, { step, heard }] of real.heard.entries())
    compare(`step ${step}`, heardOf(heard), heardOf(ours.heard[i]!.heard), highestId, found);
  compare("counters", countersOf(real.rules), countersOf(ours.rules), highestId, found);
  compare("connections", connectionsOf(real.connections), connectionsOf(ours.connections), highestId, found);
  return found;
}

function compare(
  where: string,
  real: readonly Observation[],
  ours: readonly Observation[],
  highestId: number,
  found: Difference[],
): void {
  const same = (a: Observation | undefined, b: Observation | undefined) =>
    a !== undefined &&
    b !== undefined &&
    a.text === b.text &&
    a.free.every((value, i) => agree(value, b.free[i]!, highestId, a.free));
  if (real.length === ours.length && real.every((one, i) => same(one, ours[i]))) return;
  const lines = (list: readonly Observation[], other: readonly Observation[]) =>
    list.filter((one, i) => real.length !== ours.length || !same(one, other[i])).map(written);
  found.push({ where, real: lines(real, ours), ours: lines(ours, real) });
}

function agree(real: FreeValue, ours: FreeValue, highestId: number, all: readonly FreeValue[]): boolean {
  if (real.value === ours.value) return true;
  switch (real.kind) {
    case "id":
      // A generated packet has an identification drawn by chance, or none; that of a case's own packet stays.
      return real.value !== 0 && ours.value !== 0 && (real.value > highestId || ours.value > highestId);
    case "port":
      return isChosen(real.value) && isChosen(ours.value) && portClass(real.value) === portClass(ours.value);
    case "echo":
      return isChosen(real.value) && isChosen(ours.value);
    case "sum":
      return all.some(({ kind, value }) =>
        kind === "id" ? value > highestId : (kind === "port" || kind === "echo") && isChosen(value),
      );
    case "seconds":
      // The real clock goes on while a case is played.
      return real.value <= ours.value && real.value >= ours.value - 4;
  }
}

/** A port that no packet of a case brings: NAT has drawn it. */
function isChosen(port: number): boolean {
  return !KNOWN_PORTS.has(port);
}

/** Which range a port was drawn from: a rule's, or without one that of its old port (nf_nat_l4proto_unique_tuple). */
function portClass(port: number): string {
  const range = DRAWN_RANGES.find(([first, last]) => port >= first && port <= last);
  if (range !== undefined) return range.join("-");
  return port < 512 ? "below 512" : port < 1024 ? "privileged" : "above";
}

function heardOf({ seen, datagrams }: Heard): readonly Observation[] {
  return [
    ...seen.map(({ tap, frame }) => {
      const { text, free } = frameObservation(frame);
      return { text: `${tap} ${text}`, free };
    }),
    ...datagrams.map(({ port, address, from, data }) => ({
      text: `service ${port} gets ${data.length} bytes from ${address} <port>`,
      free: [{ kind: "port" as const, value: from }],
    })),
  ];
}

/** Tables by name, without the comments; each line with its counters. */
function countersOf(saved: string): readonly Observation[] {
  const tables = saved
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n")
    .split(/(?=^\*)/m);
  return tables
    .sort()
    .flatMap((table) => table.split("\n"))
    .filter((line) => line !== "")
    .map((text) => ({ text, free: [] }));
}

function connectionsOf(listed: string): readonly Observation[] {
  const masked = (line: Observation) =>
    `${line.text} ${line.free.map(({ kind, value }) => ((kind === "port" || kind === "echo") && !isChosen(value) ? value : "")).join()}`;
  return listed
    .split("\n")
    .filter((line) => line !== "")
    .map(connectionObservation)
    .sort((a, b) => (masked(a) < masked(b) ? -1 : 1));
}

function written({ text, free }: Observation): string {
  let i = 0;
  return text.replace(/<(id|port|echo|seconds|sum)>/g, () => String(free[i++]!.value));
}
