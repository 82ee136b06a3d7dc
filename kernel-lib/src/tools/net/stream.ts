import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Nanoseconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { SocketOwner } from "../../socket/tcp/state.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";

/** A new TCP socket of the process, named after its program for `ss -p` and traces. `fd`: the first one after the standard streams unless given. */
export function openSocket(process: Process, fd = 3): TcpSocket {
  const socket = process.netns.tcp.socket();
  socket.owner = socketOwner(process, fd);
  return socket;
}

/** The process as `ss -p` names it: 15 characters of its program's name. */
export function socketOwner(process: Process, fd = 3): SocketOwner {
  return { pid: process.pid, name: process.argv[0]?.split("/").pop()?.slice(0, 15) ?? "", fd };
}

/**
 * Connects and waits until the handshake is done. Throws KernelError as connect(2) fails; ETIMEDOUT also when `deadline` (absolute virtual
 * time) comes first.
 */
export function* connect(
  process: Process,
  socket: TcpSocket,
  address: Ipv4,
  port: number,
  deadline: Nanoseconds | null,
): Steps<void> {
  const { scheduler } = process.host.world;
  socket.connect(address, port);
  while (socket.state === "SYN_SENT" || socket.state === "SYN_RECV") {
    if (deadline !== null && scheduler.now >= deadline) throw new KernelError("ETIMEDOUT");
    yield* until([socket.wait], deadline);
  }
  if (socket.error !== null) throw new KernelError(socket.error);
}

/** Writes all bytes; throws KernelError as send(2) fails, ETIMEDOUT at the deadline. */
export function* sendAll(
  process: Process,
  socket: TcpSocket,
  bytes: Uint8Array,
  deadline: Nanoseconds | null = null,
): Steps<void> {
  for (let sent = 0; sent < bytes.length; ) {
    const taken = socket.send(bytes.subarray(sent));
    sent += taken;
    if (taken > 0) continue;
    expire(process, deadline);
    yield* until([socket.wait], deadline);
  }
}

/** The next bytes; empty at the end of the stream. Throws KernelError as recv(2) fails, ETIMEDOUT at the deadline. */
export function* receiveSome(
  process: Process,
  socket: TcpSocket,
  deadline: Nanoseconds | null = null,
): Steps<Uint8Array> {
  for (;;) {
    const bytes = socket.receive(65536);
    if (bytes !== null) return bytes;
    expire(process, deadline);
    yield* until([socket.wait], deadline);
  }
}

function expire(process: Process, deadline: Nanoseconds | null): void {
  if (deadline !== null && process.host.world.scheduler.now >= deadline) throw new KernelError("ETIMEDOUT");
}
