import { listenTcp } from "../../docker/proxy/tcp-proxy.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { SwarmMember } from "../member.js";
import type { Cluster } from "./cluster.js";
import { CONTROL_PORT, ControlChannel } from "./control-channel.js";
import { receiveNode } from "./join.js";
import type { Message } from "./messages.js";
import { Raft } from "./raft.js";

/** What a node does as a manager while its daemon runs: it listens on the control plane's port and takes part in choosing the leader. */
export class Manager {
  readonly raft: Raft;
  private readonly threads: { stop(): void }[] = [];

  constructor(
    private readonly member: SwarmMember,
    private readonly cluster: Cluster,
  ) {
    this.raft = new Raft(member, cluster);
  }

  start(): void {
    this.cluster.voters.add(this.member.nodeId);
    this.threads.push(this.member.background(this.listen()), this.member.background(this.raft.run()));
  }

  /** The node is a worker from now on. */
  stop(): void {
    for (const thread of this.threads.splice(0).reverse()) thread.stop();
  }

  private *listen(): Steps<void> {
    const listener = listenTcp(this.member.engine.daemon, 0, CONTROL_PORT);
    listener.options.dualStack = true;
    const channels = new Set<ControlChannel>();
    try {
      for (;;) {
        for (let socket = listener.accept(); socket !== null; socket = listener.accept())
          this.member.background(this.attend(new ControlChannel(socket), channels));
        yield* until([listener.wait]);
      }
    } finally {
      for (const channel of channels) channel.close();
      listener.close();
    }
  }

  private *attend(channel: ControlChannel, channels: Set<ControlChannel>): Steps<void> {
    channels.add(channel);
    try {
      while (!channel.closed) {
        for (const message of channel.receive()) this.handle(channel, message);
        if (!channel.closed) yield* until([channel.socket.wait]);
      }
    } finally {
      channels.delete(channel);
      this.cluster.sessions.broken(channel);
      channel.close();
    }
  }

  private handle(channel: ControlChannel, message: Message): void {
    const { sessions } = this.cluster;
    switch (message.kind) {
      case "certificate":
        channel.send({ kind: "root", digest: this.cluster.digest });
        return;
      case "join":
        channel.send(receiveNode(this.member, this.cluster, message, channel.socket.remote.address));
        return;
      case "session":
        if (this.raft.leads && sessions.open(message.node, channel)) channel.send({ kind: "opened" });
        else channel.send({ kind: "elsewhere" });
        return;
      case "heartbeat":
        sessions.heard(channel);
        channel.send({ kind: "heard" });
        return;
      case "status":
        sessions.report(channel, message.updates);
        return;
      case "campaign":
      case "lead":
      case "follow":
      case "vote":
      case "voted":
        this.raft.receive(message);
        return;
      default:
        channel.close();
    }
  }
}
