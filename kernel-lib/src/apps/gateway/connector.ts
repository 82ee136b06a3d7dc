import type { World } from "../../trace/world.js";

/** One real connection to a server outside the lab. Bytes that are sent before it stands wait. */
export interface GatewayLink {
  send(bytes: Uint8Array): void;
  /** Nothing more is sent: the lab's end has closed. */
  end(): void;
}

/** What a real connection tells. */
export interface GatewayEvents {
  received(bytes: Uint8Array): void;
  /** The server has closed, or could not be reached. */
  closed(): void;
}

/** Makes real connections: given by a program that has sockets. */
export interface GatewayConnector {
  /** Where they lead, for the log: `127.0.0.1:6379`. */
  readonly target: string;
  open(events: GatewayEvents): GatewayLink;
  /** Resolves when the server has taken and answered everything that was sent. */
  settled(): Promise<void>;
}

const GATEWAYS = new WeakMap<World, Map<string, GatewayConnector>>();

/** From now on the program of that name leads to a real server instead of being one. Null: it is one again. */
export function setGateway(world: World, program: string, connector: GatewayConnector | null): void {
  const gateways = GATEWAYS.get(world) ?? new Map<string, GatewayConnector>();
  GATEWAYS.set(world, gateways);
  if (connector === null) gateways.delete(program);
  else gateways.set(program, connector);
}

export function gatewayOf(world: World, program: string): GatewayConnector | null {
  return GATEWAYS.get(world)?.get(program) ?? null;
}
