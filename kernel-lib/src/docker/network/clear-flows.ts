import { formatIpv4 } from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { PortBinding } from "../container/config.js";
import type { Engine } from "../engine.js";
import type { Endpoint } from "./network.js";

/**
 * Forgets connections from before a container's ports were open: translated to its address for someone who had it earlier, or bound to the machine itself for want of
 * a rule (clearConntrackEntries of the bridge driver, from 23 on). What is not there is no error.
 */
export function* clearFlows(
  engine: Engine,
  endpoint: Endpoint,
  bindings: readonly PortBinding[],
): Steps<void> {
  if (!engine.version.clearsFlows) return;
  yield* engine.command(["conntrack", "-D", "-f", "ipv4", "-j", formatIpv4(endpoint.address!)]);
  const ports = bindings.flatMap(({ protocol, hostPort }) =>
    protocol === "udp" && hostPort !== "" ? [hostPort] : [],
  );
  for (const port of new Set(ports))
    yield* engine.command(["conntrack", "-D", "-f", "ipv4", "-p", "udp", "--orig-port-dst", port]);
}
