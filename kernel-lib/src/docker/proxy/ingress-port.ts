import { KernelError } from "../../base/errno.js";
import type { Engine } from "../engine.js";
import type { PortHolder } from "./port-holder.js";
import { listenTcp } from "./tcp-proxy.js";
import { listenUdp } from "./udp-proxy.js";

/** Number of the first descriptor that the daemon opens for such a port. */
const FIRST_FD = 60;

/**
 * The daemon listens on a service's published port, takes no connection and reads nothing: only so that no other program gets the port (plumbProxy).
 * Null where another one has it already: the daemon writes that into its log and goes on.
 */
export function holdIngressPort(
  engine: Engine,
  protocol: "tcp" | "udp" | "sctp",
  port: number,
): PortHolder | null {
  if (protocol === "sctp") return { stop: () => {} };
  const listen = protocol === "tcp" ? listenTcp : listenUdp;
  try {
    const socket = listen(engine.daemon, 0, port, FIRST_FD + engine.heldPorts);
    if ("options" in socket) socket.options.dualStack = true;
    else socket.dualStack = true;
    engine.heldPorts++;
    return {
      stop: () => {
        engine.heldPorts--;
        socket.close();
      },
    };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return null;
  }
}
