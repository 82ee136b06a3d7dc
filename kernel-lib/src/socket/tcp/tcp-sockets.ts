import type { Ipv4 } from "../../base/addresses.js";
import type { Packet } from "../../wire/packet.js";
import type { Ipv4Output } from "../ipv4-output.js";
import type { TransportHandler } from "../transport.js";
import { TcpSocket } from "./tcp-socket.js";

/** All TCP sockets of one namespace. */
export class TcpSockets implements TransportHandler {
  constructor(readonly output: Ipv4Output) {}

  socket(): TcpSocket {
    return new TcpSocket(this);
  }

  list(): readonly TcpSocket[] {
    return [];
  }

  receive(packet: Packet, _source: Ipv4, _destination: Ipv4): void {
    packet.release();
  }

  error(_inner: Uint8Array, _type: number, _code: number, _mtu: number): void {}
}
