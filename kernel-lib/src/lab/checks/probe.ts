import { tryParseIpv4 } from "../../base/addresses.js";
import type { Journey } from "../../trace/journey.js";
import type { CommandOutput } from "../command-output.js";
import type { Lab } from "../lab.js";
import type { Trace } from "../trace.js";
import { isAt, type Place } from "./place.js";

/** What is sent to see whether something is reached. */
export interface Probe {
  /** For a reader: `by ping`, `by TCP to port 5000`, `by HTTP`. */
  readonly by: string;
  readonly argv: readonly string[];
  /** How the summary of its first packets begins. */
  readonly request: "ICMP echo request" | "TCP SYN ";
  /** How the summaries of good answers begin. */
  readonly answer: "ICMP echo reply" | "TCP SYN,ACK ";
  /** The words of what is sent, for messages. */
  readonly noun: "echo request" | "TCP SYN";
  /** Where it is sent to, `172.18.0.11:5000`; null where a name says it. */
  readonly destination: string | null;
}

/** What a probe has shown. */
export interface Probed {
  readonly output: CommandOutput;
  readonly trace: Trace;
  /** The probe's own packets, as its place has made them. */
  readonly requests: readonly Journey[];
}

/** Seconds of virtual time until a connection or a page is given up: longer than TCP's second repetition of a SYN. */
const PATIENCE = "5";

/** The probe for a url, `ADDRESS:PORT`, or an address or name to ping. Throws a RangeError for a text that is none of these. */
export function probeFor(to: string, { size }: { readonly size?: number | undefined }): Probe {
  const [, scheme, urlHost, urlPort] = /^(https?):\/\/([^/:]+)(?::(\d+))?(?:\/|$)/.exec(to) ?? [];
  if (scheme !== undefined) {
    const destination = endOf(urlHost!, urlPort ?? (scheme === "https" ? "443" : "80"));
    return { ...TCP, by: "by HTTP", argv: ["curl", "-sS", "-m", PATIENCE, to], destination };
  }
  const [, host, port] = /^(\w[\w.-]*):(\d+)$/.exec(to) ?? [];
  if (host !== undefined && port !== undefined) {
    const argv = ["nc", "-z", "-w", PATIENCE, host, port];
    return { ...TCP, by: "by TCP", argv, destination: endOf(host, port) };
  }
  if (!/^\w[\w.-]*$/.test(to))
    throw new RangeError(
      `${JSON.stringify(to)} is no url, no address with a port ("172.18.0.100:6379") and no address`,
    );
  const words = size === undefined ? [] : ["-M", "do", "-s", String(payloadOf(size))];
  const by = size === undefined ? "by ping" : `by ping with packets of ${size} bytes that must not be cut`;
  return { ...PING, by, argv: ["ping", "-c", "2", "-W", "1", ...words, to], destination: endOf(to) };
}

/** Null where a name says it: what it stands for is seen when it is asked for. */
function endOf(host: string, port?: string): string | null {
  if (tryParseIpv4(host) === null) return null;
  return port === undefined ? host : `${host}:${Number(port)}`;
}

const TCP = { request: "TCP SYN ", answer: "TCP SYN,ACK ", noun: "TCP SYN" } as const;
const PING = { request: "ICMP echo request", answer: "ICMP echo reply", noun: "echo request" } as const;

/** IPv4 and ICMP headers take 28 bytes. */
function payloadOf(size: number): number {
  if (!Number.isInteger(size) || size < 28 || size > 65535)
    throw new RangeError(`a packet has 28 to 65535 bytes, not ${size}`);
  return size - 28;
}

/** Sends it, and records what every packet does meanwhile. */
export async function send(lab: Lab, from: Place, probe: Probe): Promise<Probed> {
  if (lab.world.recorder !== null)
    throw new Error("a check records its own packets: it cannot run within lab.trace(…)");
  const argv = wordsAt(from, probe.argv);
  const trace = await lab.trace(() => from.machine.probe(argv));
  const requests = trace.journeys.filter((journey) => isBornAt(from, journey) && isRequest(probe, journey));
  return { output: trace.value, trace, requests };
}

function isRequest({ request, destination }: Probe, { summary }: Journey): boolean {
  const [, to] = / → ([\d.:]+)/.exec(summary) ?? [];
  return summary.startsWith(request) && (destination === null || to === destination);
}

/**
 * The probe's packet that came to its end; null when none did. Where a program of the machine in between takes the connection and makes another, as docker-proxy
 * does, the other's.
 */
export function arrivalOf({ trace, requests }: Probed, { request }: Probe, at: Place | null): Journey | null {
  const own = requests.findLast((journey) => (at === null ? journey.delivered : isDeliveredAt(at, journey)));
  if (own !== undefined || at === null) return own ?? null;
  return (
    trace.journeys.findLast(
      (journey) =>
        journey.summary.startsWith(request) &&
        isDeliveredAt(at, journey) &&
        requests.some((first) => isTakenWhere(journey, first)),
    ) ?? null
  );
}

/** Whether `first` was delivered in the namespace, of the machine itself, where `second` was made after it. */
function isTakenWhere(second: Journey, first: Journey): boolean {
  const born = second.events.find(({ kind }) => kind === "born");
  return (
    born !== undefined &&
    second.startedAt > first.startedAt &&
    born.netns === born.machine &&
    first.fates.some(
      (fate) => fate.kind === "delivered" && fate.machine === born.machine && fate.netns === born.netns,
    )
  );
}

export function isDeliveredAt(place: Place, { fates }: Journey): boolean {
  return fates.some((fate) => fate.kind === "delivered" && isAt(place, fate));
}

/**
 * The machine's own tools in the container's network: many images have none. A name is looked up as the container does, so there its own tool is asked.
 */
function wordsAt({ pid, container }: Place, argv: readonly string[]): readonly string[] {
  if (pid === null || container === null) return argv;
  return namesHost(argv)
    ? ["docker", "exec", container, ...argv]
    : ["nsenter", "-t", String(pid), "-n", ...argv];
}

function namesHost(argv: readonly string[]): boolean {
  const last = argv[0] === "nc" ? argv.at(-2)! : argv.at(-1)!;
  return tryParseIpv4(last.replace(/^https?:\/\//, "").replace(/[:/].*$/, "")) === null;
}

function isBornAt(place: Place, { events }: Journey): boolean {
  const born = events.find(({ kind }) => kind === "born");
  return born !== undefined && isAt(place, born);
}
