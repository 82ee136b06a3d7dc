import { isIP, isIPv4, isIPv6 } from "../net/addresses.js";
import { serverClass } from "../net/server.js";
import { socketClass } from "../net/socket.js";
import type { Runtime } from "../runtime.js";

/** `node:net`: sockets and servers over the simulated TCP. IPv6 addresses are recognized and cannot be reached. */
export function netModule(runtime: Runtime): unknown {
  const Socket = socketClass(runtime);
  const Server = serverClass(runtime, Socket);
  const connect = (...args: unknown[]) => {
    const [options] = args;
    const given = typeof options === "object" && options !== null ? options : {};
    const socket = new Socket(given);
    const { timeout } = given as { timeout?: number };
    if (timeout) socket.setTimeout(timeout);
    return socket.connect(...args);
  };
  return {
    Socket,
    Stream: Socket,
    Server,
    connect,
    createConnection: connect,
    createServer: (...args: unknown[]) => new Server(...args),
    isIP,
    isIPv4,
    isIPv6,
    getDefaultAutoSelectFamily: () => true,
    setDefaultAutoSelectFamily: () => {},
  };
}
