import type { Steps } from "../../host/process.js";
import type { Engine } from "../engine.js";
import { NO_IPAM_REQUEST } from "./ipam-request.js";
import { BRIDGE_NAME, type Network, type NetworkRequest } from "./network.js";

/** The bridge by which sandboxes get out that are in networks of the swarm only (libnGWNetwork). */
export const GATEWAY_BRIDGE = "docker_gwbridge";

const REQUEST: NetworkRequest = {
  name: GATEWAY_BRIDGE,
  driver: "bridge",
  ...NO_IPAM_REQUEST,
  internal: false,
  attachable: false,
  options: new Map([
    ["com.docker.network.bridge.enable_icc", "false"],
    ["com.docker.network.bridge.enable_ip_masquerade", "true"],
    [BRIDGE_NAME, GATEWAY_BRIDGE],
  ]),
  labels: new Map(),
};

/** docker_gwbridge: the user's own where there is one of that name, else it is made. Its containers do not reach each other by it. */
export function* gatewayBridge(engine: Engine): Steps<Network> {
  return engine.networks.tryFind(GATEWAY_BRIDGE) ?? (yield* engine.networks.create(REQUEST));
}
