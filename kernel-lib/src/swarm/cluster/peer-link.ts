import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { SwarmMember } from "../member.js";
import { CONTROL_PORT, type ControlChannel, openChannel } from "./control-channel.js";
import type { RaftMessage } from "./messages.js";

/** Time for a connection to another manager (raft.DefaultNodeConfig's SendTimeout). */
const SEND_TIMEOUT: Nanoseconds = seconds(2);

/** A manager's own connection to another one, for what it has to say there. It is made when it is needed; what cannot be sent is lost, as in Raft. */
export class PeerLink {
  private channel: ControlChannel | null = null;
  private opening = false;
  private next: RaftMessage | null = null;

  constructor(
    private readonly member: SwarmMember,
    private readonly peer: string,
  ) {}

  send(message: RaftMessage): void {
    if (this.channel !== null && !this.channel.closed) {
      this.channel.send(message);
      return;
    }
    this.next = message;
    if (!this.opening) this.member.background(this.keep());
  }

  private *keep(): Steps<void> {
    this.opening = true;
    const { daemon } = this.member.engine;
    const { scheduler } = daemon.host.world;
    try {
      const address = this.member.cluster?.store.nodes.get(this.peer)?.address;
      if (address === undefined) return;
      this.channel = yield* openChannel(daemon, address, CONTROL_PORT, scheduler.now + SEND_TIMEOUT);
      this.opening = false;
      if (this.next !== null) this.channel.send(this.next);
      this.next = null;
      while (!this.channel.closed) {
        this.channel.receive();
        if (!this.channel.closed) yield* until([this.channel.socket.wait]);
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    } finally {
      this.opening = false;
      this.channel?.close();
      this.channel = null;
    }
  }
}
