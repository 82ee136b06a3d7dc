import { type Cidr, contains, formatCidr, parseCidr } from "../../../base/addresses.js";
import type { Nanoseconds } from "../../../base/units.js";
import { FlagError, type ParsedFlags } from "../../../docker/command/flags.js";
import { type Call, ClientError } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import { GoSyntaxError, parseDuration } from "../../../docker/go/duration.js";
import type { Availability } from "../../model/node.js";

/** Refuses the options that the lab does not have. */
export function refuseOptions({ flags }: Call, command: string, names: readonly string[]): void {
  for (const name of names)
    if (flags.has(name)) throw new ClientError(`docker ${command}: option --${name} is not supported here`);
}

/** Flags that a release did not have yet are unknown to it. */
export function refuseNewer({ flags }: Call, names: readonly string[]): void {
  for (const name of names) if (flags.has(name)) throw new FlagError(`unknown flag: --${name}`);
}

export function availabilityOption(flags: ParsedFlags): Availability {
  const text = flags.value("availability") ?? "active";
  if (text !== "active" && text !== "pause" && text !== "drain")
    throw new ClientError(`invalid availability "${text}", only active, pause and drain are supported`);
  return text;
}

export function durationOption(flags: ParsedFlags, name: string): Nanoseconds | null {
  const text = flags.value(name);
  if (text === null) return null;
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof GoSyntaxError)) throw error;
    throw new FlagError(`invalid argument "${text}" for "--${name}" flag: ${error.message}`);
  }
}

export function historyLimitOption(text: string | null): number | null {
  return text === null ? null : Number(text);
}

/** A flag of Go's unsigned type. */
export function unsignedOption(flags: ParsedFlags, name: string): number | null {
  const text = flags.value(name);
  if (text === null) return null;
  const refuse = (why: string) =>
    new FlagError(
      `invalid argument "${text}" for "--${name}" flag: strconv.ParseUint: parsing "${text}": ${why}`,
    );
  if (!/^\d+$/.test(text)) throw refuse("invalid syntax");
  if (Number(text) > 0xffffffff) throw refuse("value out of range");
  return Number(text);
}

/** `--default-addr-pool`: networks, several of them by commas or by more flags. */
export function poolsOption(flags: ParsedFlags): readonly Cidr[] {
  return flags
    .values("default-addr-pool")
    .flatMap((text) => text.split(","))
    .map((text) => {
      try {
        return parseCidr(text.trim(), { loose: true });
      } catch {
        throw new FlagError(
          `invalid argument "${text}" for "--default-addr-pool" flag: invalid string being converted to CIDR: ${text}`,
        );
      }
    });
}

/** What the daemon says to pools and their subnets' size (validateAddr, validateDefaultAddrPool). */
export function checkPools(pools: readonly Cidr[], size: number | null): void {
  const length = size ?? 24;
  if (length > 29)
    throw new DockerError(`invalid size (${length}) for subnet mask-length. Must be in the range of 1 to 29`);
  pools.forEach((pool, i) => {
    for (const other of pools.slice(0, i))
      if (contains(other, pool.address) || contains(pool, other.address))
        throw new DockerError(`invalid CIDR: ${formatCidr(pool)} already in use`);
    if (pool.prefix > length)
      throw new DockerError(
        `invalid CIDR: ${formatCidr(pool)}. Subnet size is too small for pool: ${length}`,
      );
  });
}

/** `--data-path-port`: 0 is the default. */
export function checkDataPathPort(port: number): number {
  if (port === 0) return 4789;
  if (port < 1024 || port > 49151)
    throw new DockerError("Invalid port number, range is 1024 - 49151 (inclusive)", "invalid");
  return port;
}
