import { type Ipv4, parseIpv4, tryParseIpv4 } from "../../base/addresses.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import { type HttpUrl, parseUrl } from "../../tools/net/url.js";

/** Requests that come at their own pace, whatever becomes of those before them (an open loop). */
export interface LoadOptions {
  /** `http://192.168.56.100/`; several are taken in turn, one for each request. A name is looked up for each request. */
  readonly url: string | readonly string[];
  /** Requests a second, on average. */
  readonly rate: number;
  /** "poisson" (default): clients that know nothing of each other; "constant": one every 1/rate seconds. */
  readonly arrivals?: "poisson" | "constant";
  /** For how long requests begin. Either this or {@link LoadOptions.requests}. */
  readonly duration?: Nanoseconds;
  /** How many requests there are. */
  readonly requests?: number;
  /** Connections are kept and used again (HTTP keep-alive). Default false: one connection for each request. */
  readonly keepAlive?: boolean;
  /** Addresses of this machine that requests come from, in turn: each is a client of its own to who looks at addresses. Default: what the route says. */
  readonly from?: readonly string[];
  /** After this time a request has failed. Default 5 s. */
  readonly timeout?: Nanoseconds;
  /** The same seed gives the same times of arrival. Default: the lab's, and another for each load. */
  readonly seed?: number;
}

/** The same, read. */
export interface LoadPlan {
  readonly urls: readonly HttpUrl[];
  readonly rate: number;
  readonly arrivals: "poisson" | "constant";
  /** Whichever is reached first. */
  readonly requests: number;
  readonly duration: Nanoseconds;
  readonly keepAlive: boolean;
  readonly from: readonly Ipv4[];
  readonly timeout: Nanoseconds;
}

const FIELDS: readonly (keyof LoadOptions)[] = [
  "url",
  "rate",
  "arrivals",
  "duration",
  "requests",
  "keepAlive",
  "from",
  "timeout",
  "seed",
];

/** Reads the options; they may come from a journal. Throws a RangeError that says what is wrong. */
export function readLoadOptions(options: LoadOptions): LoadPlan {
  for (const name of Object.keys(options))
    if (!(FIELDS as readonly string[]).includes(name))
      throw new RangeError(`a load has no option "${name}"; it has: ${FIELDS.join(", ")}`);
  const { arrivals = "poisson", duration, requests, keepAlive = false, from = [], seed = 1 } = options;
  const urls = [options.url].flat().map(readUrl);
  if (urls.length === 0) throw new RangeError("a load needs a url");
  if (arrivals !== "poisson" && arrivals !== "constant")
    throw new RangeError(`arrivals are "poisson" or "constant", not ${JSON.stringify(arrivals)}`);
  if ((duration === undefined) === (requests === undefined))
    throw new RangeError("a load ends after its duration or its number of requests: give one of both");
  if (typeof keepAlive !== "boolean") throw new RangeError("keepAlive is true or false");
  if (!Number.isInteger(seed) || Math.abs(seed) > 2 ** 31)
    throw new RangeError(`a seed is a whole number of at most 32 bits, not ${seed}`);
  if (requests !== undefined && !Number.isInteger(positive(requests, "requests")))
    throw new RangeError(`requests is a whole number, not ${requests}`);
  return {
    urls,
    rate: positive(options.rate, "rate"),
    arrivals,
    requests: requests ?? Number.POSITIVE_INFINITY,
    duration: duration === undefined ? Number.POSITIVE_INFINITY : positive(duration, "duration"),
    keepAlive,
    from: from.map(readAddress),
    timeout: positive(options.timeout ?? seconds(5), "timeout"),
  };
}

function positive(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0)
    throw new RangeError(`${name} is a number above 0, not ${JSON.stringify(value)}`);
  return value;
}

function readUrl(text: unknown): HttpUrl {
  const url = typeof text === "string" ? parseUrl(text) : null;
  if (url === null) throw new RangeError(`${JSON.stringify(text)} is no url: "http://192.168.56.100/"`);
  if (url.scheme !== "http") throw new RangeError(`a load speaks http, not ${url.scheme}`);
  return url;
}

function readAddress(text: string): Ipv4 {
  if (tryParseIpv4(text) === null)
    throw new RangeError(`from has addresses of the machine, not ${JSON.stringify(text)}`);
  return parseIpv4(text);
}
