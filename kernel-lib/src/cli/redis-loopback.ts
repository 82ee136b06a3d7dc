import { type AddressInfo, createServer, type Socket } from "node:net";
import { RedisEngine } from "../apps/redis/engine.js";
import { Random } from "../sim/random.js";

export interface RedisServer {
  readonly port: number;
  readonly engine: RedisEngine;
  close(): Promise<void>;
}

/** The lab's Redis on a real port of the loopback interface, on real time: for programs outside a lab where no redis-server is installed. */
export async function serveRedis(
  options: {
    readonly port?: number;
    readonly seed?: number;
    readonly settings?: Record<string, string>;
  } = {},
): Promise<RedisServer> {
  const { port = 0, seed = 1, settings = {} } = options;
  const engine = new RedisEngine({ now: () => Date.now(), random: new Random(seed), settings });
  const sockets = new Set<Socket>();
  const alarm = new Alarm(engine);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    attach(engine, socket, alarm);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    engine,
    close: () =>
      new Promise((resolve) => {
        alarm.stop();
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function attach(engine: RedisEngine, socket: Socket, alarm: Alarm): void {
  const { remoteAddress = "", remotePort = 0, localAddress = "", localPort = 0 } = socket;
  socket.setNoDelay(true);
  const session = engine.connect({
    address: remoteAddress,
    port: remotePort,
    local: `${localAddress}:${localPort}`,
  });
  session.onOutput = (bytes) => socket.write(bytes);
  session.onClose = () => socket.end();
  socket.on("data", (bytes) => {
    session.receive(bytes);
    alarm.set();
  });
  socket.on("error", () => session.close());
  socket.on("close", () => {
    session.close();
    alarm.set();
  });
}

/** The longest time that a timer of Node takes, ms. */
const LONGEST = 2 ** 31 - 1;

/** Calls the engine when something of it is due. */
class Alarm {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly engine: RedisEngine) {}

  set(): void {
    clearTimeout(this.timer);
    const at = this.engine.nextDeadline();
    if (at === null) return;
    const wait = Math.min(Math.max(0, at - this.engine.now()), LONGEST);
    this.timer = setTimeout(() => {
      this.engine.tick();
      this.set();
    }, wait);
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
