import { agentClass, requestClass } from "../http/client.js";
import { incomingClass } from "../http/incoming.js";
import { outgoingClass } from "../http/outgoing.js";
import { httpServerClass, responseClass } from "../http/server.js";
import { METHODS, STATUS_CODES } from "../http/status.js";
import type { NetServerClass } from "../net/server.js";
import type { NetSocketClass } from "../net/socket.js";
import type { Runtime } from "../runtime.js";

/** `node:http`. */
export function httpModule(runtime: Runtime): unknown {
  const { Socket, Server: Net } = runtime.core<{ Socket: NetSocketClass; Server: NetServerClass }>("net");
  const IncomingMessage = incomingClass(runtime);
  const OutgoingMessage = outgoingClass(runtime);
  const ServerResponse = responseClass(OutgoingMessage);
  const Server = httpServerClass(runtime, Net, IncomingMessage, ServerResponse);
  const Agent = agentClass(runtime);
  const globalAgent = new Agent({ keepAlive: true });
  const ClientRequest = requestClass(runtime, OutgoingMessage, IncomingMessage, Socket, globalAgent);
  const request = (...args: ConstructorParameters<typeof ClientRequest>) => new ClientRequest(...args);
  return {
    Agent,
    ClientRequest,
    IncomingMessage,
    METHODS: [...METHODS],
    OutgoingMessage,
    STATUS_CODES: { ...STATUS_CODES },
    Server,
    ServerResponse,
    createServer: (...args: unknown[]) => new Server(...args),
    get: (...args: ConstructorParameters<typeof ClientRequest>) => {
      const made = request(...args);
      made.end();
      return made;
    },
    globalAgent,
    maxHeaderSize: 16384,
    request,
  };
}
