import { formatIpv4 } from "../../../base/addresses.js";
import { KernelError } from "../../../base/errno.js";
import type { WaitQueue } from "../../../sim/wait-queue.js";
import type { TcpSocket } from "../../../socket/tcp/tcp-socket.js";
import { bytesOf } from "../byte-text.js";
import type { RedisEngine } from "../engine.js";
import type { RedisSession } from "../session.js";
import { usageOf } from "../usage.js";

const TOO_MANY = "-ERR max number of clients reached\r\n";
/** Bytes read at once. */
const CHUNK = 65_536;

interface Client {
  readonly socket: TcpSocket;
  readonly session: RedisSession;
  readonly output: Uint8Array[];
  /** The session has ended: the socket closes once all is sent. */
  ending: boolean;
}

/** The connections of a server: the engine's sessions over the lab's TCP. */
export class Clients {
  private readonly clients = new Set<Client>();

  constructor(
    private readonly engine: RedisEngine,
    private readonly listener: TcpSocket,
  ) {}

  /** Takes new connections, reads what came, sends what is answered. */
  serve(): void {
    for (let socket = this.listener.accept(); socket !== null; socket = this.listener.accept())
      this.welcome(socket);
    for (const client of this.clients) this.read(client);
    for (const client of this.clients) this.write(client);
  }

  get queues(): WaitQueue[] {
    return [this.listener.wait, ...[...this.clients].map(({ socket }) => socket.wait)];
  }

  /** The server ends. */
  close(): void {
    for (const client of this.clients) this.drop(client);
    this.listener.close();
  }

  private welcome(socket: TcpSocket): void {
    socket.options.noDelay = true;
    if (this.clients.size >= this.engine.setting("maxclients")) {
      socket.send(bytesOf(TOO_MANY));
      socket.close();
      return;
    }
    const { local, remote } = socket;
    const session = this.engine.connect({
      address: formatIpv4(remote.address),
      port: remote.port,
      local: `${formatIpv4(local.address)}:${local.port}`,
    });
    const client: Client = { socket, session, output: [], ending: false };
    this.clients.add(client);
    session.onOutput = (bytes) => {
      usageOf(this.engine).bytesOut += bytes.length;
      client.output.push(bytes);
    };
    session.onClose = () => {
      client.ending = true;
    };
  }

  private read(client: Client): void {
    const { socket, session } = client;
    if (client.ending) return;
    try {
      for (let bytes = socket.receive(CHUNK); bytes !== null; bytes = socket.receive(CHUNK)) {
        if (bytes.length === 0) {
          this.drop(client);
          return;
        }
        usageOf(this.engine).bytesIn += bytes.length;
        session.receive(bytes);
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.drop(client);
    }
  }

  private write(client: Client): void {
    const { socket, output } = client;
    try {
      while (output.length > 0) {
        const [first] = output;
        const taken = socket.send(first!);
        if (taken < first!.length) {
          output[0] = first!.subarray(taken);
          return;
        }
        output.shift();
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.drop(client);
      return;
    }
    if (client.ending) this.drop(client);
  }

  private drop(client: Client): void {
    this.clients.delete(client);
    client.ending = true;
    client.session.close();
    client.socket.close();
  }
}

/** A socket that listens on a port of all addresses. Throws KernelError("EADDRINUSE"). */
export function listenOn(socket: TcpSocket, port: number, backlog: number): TcpSocket {
  socket.options.reuseAddress = true;
  try {
    socket.bind(0, port);
    socket.listen(backlog);
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}
