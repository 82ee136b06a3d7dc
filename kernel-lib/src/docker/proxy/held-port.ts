import type { Ipv4 } from "../../base/addresses.js";
import type { Engine } from "../engine.js";
import type { PortHolder } from "./port-holder.js";
import { listenTcp } from "./tcp-proxy.js";
import { listenUdp } from "./udp-proxy.js";

/**
 * The daemon itself listens on a port, takes no connection and reads nothing: only so that nobody else gets it. `firstFd`: the descriptor of the first such
 * socket; the others follow. `dualStack`: it is an IPv6 socket that takes IPv4, too. Throws KernelError when another program has the port.
 */
export function listenAlone(
  engine: Engine,
  protocol: "tcp" | "udp",
  { address, port, firstFd, dualStack }: { address: Ipv4; port: number; firstFd: number; dualStack: boolean },
): PortHolder {
  const listen = protocol === "tcp" ? listenTcp : listenUdp;
  const socket = listen(engine.daemon, address, port, firstFd + engine.heldPorts);
  if ("options" in socket) socket.options.dualStack = dualStack;
  else socket.dualStack = dualStack;
  engine.heldPorts++;
  return {
    stop: () => {
      engine.heldPorts--;
      socket.close();
    },
  };
}
