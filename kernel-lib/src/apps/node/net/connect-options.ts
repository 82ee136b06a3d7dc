import { argumentType, nodeError, received } from "../errors.js";

type Lookup = (
  host: string,
  options: object,
  found: (error: (Error & { code?: string }) | null, address: string, family: number) => void,
) => void;

/** The arguments of `connect`, read. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly family: number;
  readonly localAddress: string | null;
  readonly localPort: number;
  readonly lookup: Lookup | null;
}

/** `connect(port, host, callback)` or `connect({ port, host }, callback)`. */
export function readConnect(args: readonly unknown[]): {
  options: ConnectOptions;
  callback: (() => void) | null;
} {
  const last = args.at(-1);
  const callback = typeof last === "function" ? (last as () => void) : null;
  const [first, second] = args;
  const given = (
    typeof first === "object" && first !== null
      ? first
      : { port: first, host: typeof second === "string" ? second : undefined }
  ) as Record<string, unknown>;
  if (typeof first === "string" && !/^\d+$/.test(first)) throw unixRefused(first);
  if (given["path"] !== undefined && given["path"] !== null) throw unixRefused(given["path"]);
  const lookup = given["lookup"];
  if (lookup !== undefined && typeof lookup !== "function")
    throw argumentType("options.lookup", "function", lookup);
  return {
    callback,
    options: {
      host: (given["host"] as string | undefined) || "localhost",
      port: readPort(given["port"], "options.port"),
      family: Number(given["family"] ?? 0),
      localAddress: (given["localAddress"] as string | undefined) ?? null,
      localPort: Number(given["localPort"] ?? 0),
      lookup: (lookup as Lookup | undefined) ?? null,
    },
  };
}

/** A port as Node takes it: a number or its text, 0 to 65535. */
export function readPort(value: unknown, name: string): number {
  const port = Number(value);
  const fits =
    (typeof value === "number" || (typeof value === "string" && value.trim() !== "")) &&
    port === port >>> 0 &&
    port <= 65535;
  if (fits) return port;
  if (typeof value !== "number" && typeof value !== "string" && value !== undefined && value !== null)
    throw argumentType(name, "number|string", value);
  if (value === undefined || value === null)
    throw nodeError(
      "ERR_MISSING_ARGS",
      'The "options" or "port" or "path" argument must be specified',
      TypeError,
    );
  throw nodeError(
    "ERR_SOCKET_BAD_PORT",
    `${name === "options.port" ? "Port" : name} should be >= 0 and < 65536. Received ${received(value)}.`,
    RangeError,
  );
}

function unixRefused(path: unknown): Error {
  return nodeError(
    "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
    `sockets of the file system are not supported here (${String(path)})`,
  );
}
