import type { Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Engine } from "../../docker/engine.js";
import { listenTcp } from "../../docker/proxy/tcp-proxy.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import type { Datagram, UdpSocket } from "../../socket/udp-socket.js";
import { decode, encode, type GossipMessage, type HeardMessage } from "./message.js";

/** UDP port of the gossip, the same on all nodes. */
const GOSSIP_PORT = 7946;
/** File descriptor of the UDP socket, as `ss -p` shows it. */
const UDP_DESCRIPTOR = 24;

/**
 * The sockets by which a node gossips. What it sends may be lost. On the TCP port the real one exchanges its whole state with another node now and then; here
 * that goes by datagrams, and who connects is let go.
 */
export class GossipSocket {
  private readonly socket: UdpSocket;
  private readonly listener: TcpSocket;
  private closed = false;

  constructor({ daemon, host }: Engine) {
    this.socket = host.rootNetns.udp.socket();
    this.socket.owner = "dockerd";
    this.socket.holder = { pid: daemon.pid, name: "dockerd", fd: UDP_DESCRIPTOR };
    this.socket.dualStack = true;
    this.socket.bind(0, GOSSIP_PORT);
    this.listener = listenTcp(daemon, 0, GOSSIP_PORT);
    this.listener.options.dualStack = true;
    daemon.exited.add(() => this.close());
  }

  send(message: GossipMessage, addresses: readonly Ipv4[]): void {
    if (this.closed || addresses.length === 0) return;
    const bytes = encode(message);
    for (const address of addresses) {
      if (address === 0) continue;
      try {
        this.socket.sendTo(bytes, address, GOSSIP_PORT);
      } catch (error) {
        // Unreachable: as if the datagram were lost.
        if (!(error instanceof KernelError)) throw error;
      }
    }
  }

  *listen(hear: (message: HeardMessage, source: Ipv4) => void): Steps<void> {
    while (!this.closed) {
      for (let datagram = this.receive(); datagram !== null; datagram = this.receive()) {
        const message = decode(datagram.bytes);
        if (message !== null) hear(message, datagram.source);
      }
      if (!this.closed) yield* until([this.socket.wait]);
    }
  }

  /** Lets those go who connect. */
  *accept(): Steps<void> {
    while (!this.closed) {
      this.listener.accept()?.close();
      yield* until([this.listener.wait]);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.close();
    this.listener.close();
  }

  private receive(): Datagram | null {
    while (!this.closed) {
      try {
        return this.socket.receive();
      } catch (error) {
        // An ICMP error about an earlier datagram.
        if (!(error instanceof KernelError)) throw error;
      }
    }
    return null;
  }
}
