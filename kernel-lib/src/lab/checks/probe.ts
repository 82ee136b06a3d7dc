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
  if (/^https?:\/\//.test(to)) return { ...TCP, by: "by HTTP", argv: ["curl", "-sS", "-m", PATIENCE, to] };
  const [, host, port] = /^([\w.-]+):(\d+)$/.exec(to) ?? [];
  if (host !== undefined && port !== undefined)
    return { ...TCP, by: "by TCP", argv: ["nc", "-z", "-w", PATIENCE, host, port] };
  if (!/^\w[\w.-]*$/.test(to))
    throw new RangeError(
      `${JSON.stringify(to)} is no url, no address with a port ("172.18.0.100:6379") and no address`,
    );
  const words = size === undefined ? [] : ["-M", "do", "-s", String(payloadOf(size))];
  const by = size === undefined ? "by ping" : `by ping with packets of ${size} bytes that must not be cut`;
  return { ...PING, by, argv: ["ping", "-c", "2", "-W", "1", ...words, to] };
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
  const requests = trace.journeys.filter(
    (journey) => isBornAt(from, journey) && journey.summary.startsWith(probe.request),
  );
  return { output: trace.value, trace, requests };
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

export function isBornAt(place: Place, { events }: Journey): boolean {
  const born = events.find(({ kind }) => kind === "born");
  return born !== undefined && isAt(place, born);
}
