import { KernelError } from "../../../base/errno.js";
import type { Process, Steps } from "../../../host/process.js";
import type { TcpSocket } from "../../../socket/tcp/tcp-socket.js";
import { LOOKUP_FAILURES, lookup } from "../../../tools/net/resolve.js";
import { connect, openSocket, sendAll } from "../../../tools/net/stream.js";
import { bytesOf } from "../byte-text.js";
import { type CliReply, ReplyError, ReplyReader } from "./reply.js";

/** The connection has ended, or what came is no reply; the message is hiredis'. */
export class ConnectionLost extends Error {}

/** A client's connection: commands out, replies in. */
export class CliConnection {
  private readonly reader = new ReplyReader();

  private constructor(
    private readonly process: Process,
    private readonly socket: TcpSocket,
  ) {}

  /** Throws {@link ConnectionLost} with the reason. */
  static *open(process: Process, host: string, port: number): Steps<CliConnection> {
    const { addresses, failure } = yield* lookup(process, host);
    const [address] = addresses;
    if (address === undefined) throw new ConnectionLost(LOOKUP_FAILURES[failure ?? "noname"]);
    const socket = openSocket(process);
    socket.options.noDelay = true;
    try {
      // A port of more than 16 bits loses what is above them, as in getaddrinfo.
      yield* connect(process, socket, address, port & 0xffff, null);
    } catch (error) {
      socket.close();
      if (!(error instanceof KernelError)) throw error;
      throw new ConnectionLost(error.message);
    }
    return new CliConnection(process, socket);
  }

  /** Sends a command as an array of bulk strings. */
  *send(words: readonly string[]): Steps<void> {
    const items = words.map((word) => `$${word.length}\r\n${word}\r\n`);
    try {
      yield* sendAll(this.process, this.socket, bytesOf(`*${words.length}\r\n${items.join("")}`));
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      throw new ConnectionLost(error.message);
    }
  }

  /** The next reply. With `outsider` only another command can bring one (SUBSCRIBE, MONITOR). */
  *receive(outsider = false): Steps<CliReply> {
    const { socket, reader } = this;
    try {
      for (;;) {
        const reply = reader.next();
        if (reply !== null) return reply;
        const bytes = socket.receive(65_536);
        if (bytes === null)
          yield outsider
            ? { kind: "outsider", queues: [socket.wait] }
            : { kind: "wait", queues: [socket.wait], deadline: null };
        else if (bytes.length === 0) throw new ConnectionLost("Server closed the connection");
        else reader.feed(bytes);
      }
    } catch (error) {
      if (error instanceof KernelError || error instanceof ReplyError)
        throw new ConnectionLost(error.message);
      throw error;
    }
  }

  close(): void {
    this.socket.close();
  }
}
