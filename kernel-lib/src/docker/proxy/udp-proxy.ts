import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { Endpoint } from "../../socket/tcp/state.js";
import type { Datagram, UdpSocket } from "../../socket/udp.js";
import { socketOwner } from "../../tools/net/stream.js";

const LISTENER_FD = 4;
const CLIENT_FD = 5;
/** How long a client's socket lasts without an answer of the container (UDPConnTrackTimeout). */
const CLIENT_TIMEOUT: Nanoseconds = seconds(90);

/** What the proxy keeps for one client: a socket of its own, by which the container's answers come. */
interface Client {
  readonly address: Ipv4;
  readonly port: number;
  readonly socket: UdpSocket;
  endsAt: Nanoseconds;
}

/** A UDP socket on the machine for a published port. Throws KernelError. */
export function listenUdp(process: Process, address: Ipv4, port: number, fd = LISTENER_FD): UdpSocket {
  const socket = openUdp(process, fd);
  try {
    socket.bind(address, port);
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

function openUdp(process: Process, fd: number): UdpSocket {
  const socket = process.netns.udp.socket();
  socket.holder = socketOwner(process, fd);
  socket.owner = socket.holder.name;
  return socket;
}

/** Sends each client's datagrams by a socket of its own to the container, and the answers back (udp_proxy.go). */
export function* proxyUdp(process: Process, listener: UdpSocket, backend: Endpoint): Steps<never> {
  const { scheduler } = process.host.world;
  const clients = new Map<string, Client>();
  try {
    for (;;) {
      for (let datagram = take(listener); datagram !== null; datagram = take(listener)) {
        const key = `${datagram.source}:${datagram.sourcePort}`;
        const client = clients.get(key) ?? openClient(process, datagram, backend);
        if (client === null) continue;
        clients.set(key, client);
        send(() => client.socket.sendTo(datagram.bytes));
      }
      let deadline: Nanoseconds | null = null;
      for (const [key, client] of clients) {
        answer(listener, client, scheduler.now);
        if (client.endsAt <= scheduler.now) {
          client.socket.close();
          clients.delete(key);
        } else deadline = Math.min(deadline ?? client.endsAt, client.endsAt);
      }
      yield* until([listener.wait, ...[...clients.values()].map(({ socket }) => socket.wait)], deadline);
    }
  } finally {
    for (const { socket } of clients.values()) socket.close();
    listener.close();
  }
}

function openClient(process: Process, datagram: Datagram, backend: Endpoint): Client | null {
  const socket = openUdp(process, CLIENT_FD);
  try {
    socket.connect(backend.address, backend.port);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    socket.close();
    return null;
  }
  const endsAt = process.host.world.scheduler.now + CLIENT_TIMEOUT;
  return { address: datagram.source, port: datagram.sourcePort, socket, endsAt };
}

/** The container's answers go back from the published port; each one keeps the client for longer. */
function answer(listener: UdpSocket, client: Client, now: Nanoseconds): void {
  for (let datagram = take(client.socket); datagram !== null; datagram = take(client.socket)) {
    client.endsAt = now + CLIENT_TIMEOUT;
    const { bytes } = datagram;
    send(() => listener.sendTo(bytes, client.address, client.port));
  }
}

/** The next datagram. That the container refused the last one is passed over. */
function take(socket: UdpSocket): Datagram | null {
  for (;;) {
    try {
      return socket.receive();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
  }
}

function send(attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}
