import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { DockerError } from "../../docker/docker-error.js";
import type { Engine } from "../../docker/engine.js";

const WRONG =
  "advertise address must be a non-zero IP address or network interface (with optional port number)";

/** The address that the others are told (`--advertise-addr`). Throws DockerError where there is no choice, or too much of it. */
export function advertiseAddress(engine: Engine, given: string | null): Ipv4 {
  if (given === null || given === "") return onlyAddress(engine);
  const [name = ""] = given.split(":");
  const address = tryParseIpv4(name);
  if (address === 0) throw new DockerError(WRONG);
  if (address !== null) return listened(engine, address);
  const device = engine.host.rootNetns.device(name);
  if (device === undefined) throw new DockerError(WRONG);
  const [first, second] = device.addresses;
  if (first === undefined) throw new DockerError(`interface ${name} has no usable IPv4 or IPv6 address`);
  if (second !== undefined)
    throw new DockerError(
      `interface ${name} has more than one IPv4 address (${formatIpv4(first.address)} and ${formatIpv4(second.address)})`,
    );
  return first.address;
}

/** An address of another machine (a NAT's) needs one of this one to listen on besides. */
function listened(engine: Engine, address: Ipv4): Ipv4 {
  if (engine.host.rootNetns.deviceOfAddress(address) !== null) return address;
  try {
    onlyAddress(engine);
    return address;
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new DockerError(
      "must specify a listening address because the address to advertise is not recognized as a system address, and a system's IP address to use could not be uniquely identified",
    );
  }
}

/** The same for a node that joins: null where the manager is to take the address that it sees. */
export function tryAdvertise(engine: Engine, given: string | null): Ipv4 | null {
  if (given !== null && given !== "") return advertiseAddress(engine, given);
  try {
    return onlyAddress(engine);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    return null;
  }
}

/** The machine's one address outside Docker's own bridges and loopback (cluster.resolveSystemAddr). */
function onlyAddress({ host, networks }: Engine): Ipv4 {
  const own = new Set(networks.list().map(({ device }) => device));
  const found = [...host.rootNetns.devices.values()]
    .filter(({ name }) => name !== "lo" && !own.has(name) && name !== "docker_gwbridge")
    .flatMap((device) => device.addresses.map(({ address }) => ({ device: device.name, address })));
  const [first, second] = found;
  if (first === undefined)
    throw new DockerError("could not find the system's IP address - specify one with --advertise-addr");
  if (second === undefined) return first.address;
  const [a, b] = [formatIpv4(first.address), formatIpv4(second.address)];
  throw new DockerError(
    first.device === second.device
      ? `could not choose an IP address to advertise since this system has multiple addresses on interface ${first.device} (${a} and ${b}) - specify one with --advertise-addr`
      : `could not choose an IP address to advertise since this system has multiple addresses on different interfaces (${a} on ${first.device} and ${b} on ${second.device}) - specify one with --advertise-addr`,
  );
}
