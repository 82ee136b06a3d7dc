import type { Ipv4 } from "../../base/addresses.js";
import type { Errno } from "../../base/errno.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { type Endpoint, type SocketOwner, type TcpState, defaultSocketOptions } from "./state.js";
import type { TcpSockets } from "./tcp-sockets.js";

/** A program's TCP socket. Calls never block: wait on {@link TcpSocket.wait} and look again. */
export class TcpSocket {
  readonly options = defaultSocketOptions();
  readonly wait: WaitQueue;
  owner: SocketOwner | null = null;
  state: TcpState = "CLOSED";
  error: Errno | null = null;
  local: Endpoint = { address: 0, port: 0 };
  remote: Endpoint = { address: 0, port: 0 };

  constructor(readonly sockets: TcpSockets) {
    this.wait = new WaitQueue(sockets.output.world.scheduler);
  }

  bind(address: Ipv4, port: number): void {
    this.local = { address, port };
  }
  listen(_backlog: number): void {}
  accept(): TcpSocket | null {
    return null;
  }
  connect(_address: Ipv4, _port: number): void {}
  send(_bytes: Uint8Array): number {
    return 0;
  }
  receive(_max?: number): Uint8Array | null {
    return null;
  }
  shutdown(): void {}
  close(): void {}
  abort(): void {}
}
