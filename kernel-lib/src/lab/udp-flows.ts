import type { UdpSocket } from "../socket/udp.js";
import type { Netns } from "../stack/netns.js";
import type { World } from "../trace/world.js";

const PORT = 9000;
export const PAYLOAD = 100;
/** Datagrams in flight at once: fewer than fill a receive buffer. */
export const BURST = 64;
/** Turns of {@link TURN} that a burst may take: ten thousand rules cost 150 µs a packet. */
export const PATIENCE = 20;
/** Virtual nanoseconds. */
export const TURN = 2_000_000;

/** Datagrams of 100 bytes from one namespace to port 9000 of another, in a number of flows: what the benches of the lab's paths send. */
export class UdpFlows {
  private readonly senders: readonly UdpSocket[];
  private readonly receiver: UdpSocket;

  /** `address`: by which the sender reaches the receiver. */
  constructor(
    private readonly world: World,
    from: Netns,
    to: Netns,
    address: number,
    flows: number,
  ) {
    this.receiver = to.udp.socket();
    this.receiver.bind(0, PORT);
    this.senders = Array.from({ length: flows }, () => {
      const socket = from.udp.socket();
      socket.connect(address, PORT);
      return socket;
    });
  }

  /** Sends `packets` datagrams in bursts, flow after flow, runs the clock until each burst has come, and reads them. Gives how many came. */
  pump(packets: number): number {
    const { world, senders, receiver } = this;
    const payload = new Uint8Array(PAYLOAD);
    const buffer = new Uint8Array(PAYLOAD);
    let received = 0;
    for (let sent = 0; sent < packets; ) {
      for (let i = 0; i < BURST && sent < packets; i++, sent++)
        senders[sent % senders.length]!.sendTo(payload);
      for (let waited = 0; received < sent && waited < PATIENCE; waited++) {
        world.scheduler.runFor(TURN);
        while (receiver.receiveInto(buffer) >= 0) received++;
      }
    }
    return received;
  }
}
