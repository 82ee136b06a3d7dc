import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import type { UdpSocket } from "../../socket/udp.js";
import type { Stream } from "./relay.js";

/** Most bytes that netcat reads from standard input at once, and so the largest datagram. */
const BUFFER = 16_384;

export function tcpStream(socket: TcpSocket): Stream {
  return {
    wait: socket.wait,
    send: (bytes) => socket.send(bytes),
    receive: () => socket.receive(65_536),
    shutdown: () => socket.shutdown(),
  };
}

/** A connected UDP socket: an empty datagram is no end of it. */
export function udpStream(socket: UdpSocket): Stream {
  return {
    wait: socket.wait,
    send: (bytes) => {
      const part = bytes.subarray(0, BUFFER);
      socket.sendTo(part);
      return part.length;
    },
    receive: () => {
      for (let datagram = socket.receive(); datagram !== null; datagram = socket.receive())
        if (datagram.bytes.length > 0) return datagram.bytes;
      return null;
    },
    shutdown: () => {},
  };
}
