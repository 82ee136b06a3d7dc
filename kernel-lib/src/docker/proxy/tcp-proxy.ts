import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { Endpoint } from "../../socket/tcp/state.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { openSocket } from "../../tools/net/stream.js";

/** Go's runtime has descriptors before: the listener is number 4, what comes later has higher numbers. */
const LISTENER_FD = 4;
const CONNECTION_FD = 5;
/** The buffer of io.Copy. */
const CHUNK = 32_768;
/** Go listens with net.core.somaxconn; the kernel cuts it to that. */
const BACKLOG = 65_535;

/** One direction: what was read and not yet written, until the reader has ended. */
interface Pipe {
  readonly from: TcpSocket;
  readonly to: TcpSocket;
  pending: Uint8Array;
  done: boolean;
}

interface Relay {
  readonly client: TcpSocket;
  readonly backend: TcpSocket;
  readonly pipes: readonly Pipe[];
}

/** A TCP socket that listens on the machine for a published port. Throws KernelError. */
export function listenTcp(process: Process, address: Ipv4, port: number, fd = LISTENER_FD): TcpSocket {
  const listener = openSocket(process, fd);
  listener.options.reuseAddress = true;
  try {
    listener.bind(address, port);
    listener.listen(BACKLOG);
  } catch (error) {
    listener.close();
    throw error;
  }
  return listener;
}

/** Takes connections and opens one to the container for each; bytes and the ends of streams go both ways (tcp_proxy.go). */
export function* proxyTcp(process: Process, listener: TcpSocket, backend: Endpoint): Steps<never> {
  const relays = new Set<Relay>();
  try {
    for (;;) {
      for (let client = listener.accept(); client !== null; client = listener.accept()) {
        const relay = openRelay(process, client, backend);
        if (relay !== null) relays.add(relay);
      }
      for (const relay of relays) if (!attend(relay)) relays.delete(relay);
      yield* until([
        listener.wait,
        ...[...relays].flatMap((relay) => [relay.client.wait, relay.backend.wait]),
      ]);
    }
  } finally {
    for (const relay of relays) closeRelay(relay);
    listener.close();
  }
}

function openRelay(process: Process, client: TcpSocket, { address, port }: Endpoint): Relay | null {
  const backend = openSocket(process, CONNECTION_FD);
  client.options.noDelay = true;
  backend.options.noDelay = true;
  try {
    backend.connect(address, port);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    client.close();
    return null;
  }
  const pipe = (from: TcpSocket, to: TcpSocket): Pipe => ({
    from,
    to,
    pending: new Uint8Array(0),
    done: false,
  });
  return { client, backend, pipes: [pipe(client, backend), pipe(backend, client)] };
}

/** Moves what can be moved now. False when the relay has ended. */
function attend(relay: Relay): boolean {
  const { backend, pipes } = relay;
  if (backend.state === "SYN_SENT" || backend.state === "SYN_RECV") return true;
  // The container refused the connection, or never answered.
  const refused = backend.state === "CLOSED" && backend.error !== null && pipes.every(({ done }) => !done);
  if (!refused) for (const pipe of pipes) if (!pipe.done) pipe.done = copy(pipe);
  if (!refused && pipes.some(({ done }) => !done)) return true;
  closeRelay(relay);
  return false;
}

/** True at the end of the stream or after an error; the other side is told that nothing more comes. */
function copy(pipe: Pipe): boolean {
  const { from, to } = pipe;
  try {
    for (;;) {
      if (pipe.pending.length > 0) {
        const taken = to.send(pipe.pending);
        pipe.pending = pipe.pending.subarray(taken);
        if (pipe.pending.length > 0) return false;
      }
      const bytes = from.receive(CHUNK);
      if (bytes === null) return false;
      if (bytes.length === 0) break;
      pipe.pending = bytes;
    }
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
  try {
    to.shutdown();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
  return true;
}

function closeRelay({ client, backend }: Relay): void {
  client.close();
  backend.close();
}
