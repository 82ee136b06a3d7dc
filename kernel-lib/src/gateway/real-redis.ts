import { connect, type Socket } from "node:net";
import type { GatewayConnector, GatewayEvents, GatewayLink } from "../apps/gateway/connector.js";

/** A question that every Redis answers at once, if only by an error. */
const PING = "PING\r\n";
/** Most bytes that Redis reads of one connection before it looks at the next (PROTO_IOBUF_LEN). */
const READ_SIZE = 16_384;
/** Rounds of questions after which all that was sent before is answered: one to have it read, one to have it written. */
const ROUNDS = 2;

/** A real redis-server that `lab.gateway` can lead to. */
export interface RealRedis extends GatewayConnector {
  /** Ends all connections; until then the program goes on. */
  close(): void;
}

/**
 * Connections to a real redis-server: `lab.gateway("redis", await realRedis("127.0.0.1", 6379))`. A connection of its own asks PING: Redis serves its clients in turn, so that behind two answers
 * everything is done that came before. Rejects when nobody listens there.
 */
export async function realRedis(host: string, port: number): Promise<RealRedis> {
  const control = connect(port, host);
  await new Promise<void>((resolve, reject) => {
    control.once("connect", resolve);
    control.once("error", (error) => reject(new Error(`no Redis at ${host}:${port}: ${error.message}`)));
  });
  const questions = new Questions(control);
  const sockets = new Set<Socket>();
  let sent = 0;
  const connecting = new Set<Promise<void>>();
  return {
    target: `${host}:${port}`,
    open(events: GatewayEvents): GatewayLink {
      const socket = connect(port, host);
      socket.setNoDelay(true);
      sockets.add(socket);
      const standing = new Promise<void>((resolve) => {
        socket.once("connect", () => resolve());
        socket.once("close", () => resolve());
      });
      connecting.add(standing);
      standing.then(() => connecting.delete(standing));
      socket.on("data", (bytes) => events.received(new Uint8Array(bytes)));
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        events.closed();
      });
      return {
        send: (bytes) => {
          sent += bytes.length;
          socket.write(bytes);
        },
        end: () => socket.end(),
      };
    },
    async settled() {
      await Promise.all(connecting);
      const rounds = ROUNDS + Math.ceil(sent / READ_SIZE);
      sent = 0;
      for (let i = 0; i < rounds; i++) await questions.ask();
      await realTurn();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      control.destroy();
    },
  };
}

/** All sockets that have something to read are read once. */
function realTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** PING and its answers, in order. When the connection has ended there is nothing to wait for. */
class Questions {
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      for (const byte of bytes) if (byte === 10) this.waiting.shift()?.();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  ask(): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.destroyed) {
        resolve();
        return;
      }
      this.waiting.push(resolve);
      this.socket.write(PING);
    });
  }
}
