import { type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { DockerError } from "../../docker/docker-error.js";
import type { Engine } from "../../docker/engine.js";

/** The address that the others are told. Throws DockerError where there is no choice, or too much of it. */
export function advertiseAddress(engine: Engine, given: string | null): Ipv4 {
  const { rootNetns } = engine.host;
  if (given !== null && given !== "") {
    const [host = ""] = given.split(":");
    const address = tryParseIpv4(host);
    if (address !== null) return address;
    const device = rootNetns.device(host);
    const first = device?.addresses[0]?.address;
    if (first === undefined)
      throw new DockerError(
        "advertise address must be a non-zero IP address or network interface (with optional port number)",
      );
    return first;
  }
  throw new DockerError("could not choose");
}
