import { KernelError } from "../../base/errno.js";
import type { Engine } from "../engine.js";
import { listenAlone } from "./held-port.js";
import type { PortHolder } from "./port-holder.js";

/** Number of the first descriptor that the daemon opens for such a port. */
const FIRST_FD = 60;

/**
 * The daemon holds a service's published port (plumbProxy).
 * Null where another one has it already: the daemon writes that into its log and goes on.
 */
export function holdIngressPort(
  engine: Engine,
  protocol: "tcp" | "udp" | "sctp",
  port: number,
): PortHolder | null {
  if (protocol === "sctp") return { stop: () => {} };
  try {
    return listenAlone(engine, protocol, { address: 0, port, firstFd: FIRST_FD, dualStack: true });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return null;
  }
}
