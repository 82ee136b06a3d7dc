import { invariant } from "../base/assert.js";
import { ms, type Nanoseconds, seconds } from "../base/units.js";
import type { Clock } from "../stack/pace.bench.js";
import { Lab } from "./lab.js";
import type { WebSocketClient, WebSocketMessage } from "./websocket.js";

/** Seed 004 §3-5 and §3-6: on each host the tunnel to its peer under the network, and the chat's image. */
const SETUP =
  "ip link add vxlan0 type vxlan id 10 remote PEER dstport 4789 dev enX0 && ip link set vxlan0 up && " +
  "docker network create --attachable=true --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net && " +
  "brctl addif vxlan-net vxlan0 && docker build -q -t chat-app .";

const CHAT = "docker run -d --name NAME --hostname NAME --net vxlan-net --ip ADDRESS -p 5000:5000 chat-app";

/** Virtual time from one message to the next: 100 messages a second, which no user has to wait behind. */
const PAUSE = ms(10);
const WARM_UP = 50;

/** How messages came from one user of the chat to another. */
export interface ChatResult {
  readonly messages: number;
  readonly wallMs: number;
  /** Of each message in virtual time, from the sender's `send` until the hearer's program has it, the shortest first. */
  readonly latencies: readonly Nanoseconds[];
}

/** Messages posted over a WebSocket at chat-a on one host and heard over one at chat-b on the other; both servers are real programs that meet at the Redis of the first. */
export async function measureChat(clock: Clock, { messages = 500 } = {}): Promise<ChatResult> {
  const { lab, sender, hearer } = await twoUsers();
  await say(lab, sender, WARM_UP);
  const begun = hearer.messages.length;
  const start = clock();
  const sentAt = await say(lab, sender, messages);
  const wallMs = clock() - start;
  const heard = hearer.messages.slice(begun);
  const latencies = sentAt.map((at, i) => arrival(heard, i) - at).sort((a, b) => a - b);
  return { messages, wallMs, latencies };
}

async function twoUsers() {
  const lab: Lab = Lab.named("vxlan", { docker: "20.10" });
  const must = async (name: string, line: string) => {
    const { status, stderr } = await lab.machine(name).script(line);
    invariant(status === 0, `${line}: ${stderr}`);
  };
  const chat = (name: string, address: string) => CHAT.replaceAll("NAME", name).replace("ADDRESS", address);
  await must("host-a", SETUP.replace("PEER", "192.168.56.102"));
  await must("host-b", SETUP.replace("PEER", "192.168.56.101"));
  await must("host-a", "docker run -d --name redis --net vxlan-net --ip 172.18.0.100 redis");
  await must("host-a", chat("chat-a", "172.18.0.11"));
  await must("host-b", chat("chat-b", "172.18.0.22"));
  await lab.sleep(seconds(2));
  const client = lab.machine("client");
  return {
    lab,
    sender: await client.webSocket("ws://192.168.56.101:5000/ws"),
    hearer: await client.webSocket("ws://192.168.56.102:5000/ws"),
  };
}

/** Sends numbered messages, then waits until all have come. Gives the virtual times at which they were sent. */
async function say(lab: Lab, sender: WebSocketClient, count: number): Promise<Nanoseconds[]> {
  const sentAt: Nanoseconds[] = [];
  for (let i = 0; i < count; i++) {
    sentAt.push(lab.now);
    sender.send(JSON.stringify({ name: "ann", text: `number ${i}` }));
    await lab.sleep(PAUSE);
  }
  await lab.sleep(ms(200));
  return sentAt;
}

/** When the message with that number came; the hearer has each exactly once, in order. */
function arrival(heard: readonly WebSocketMessage[], number: number): Nanoseconds {
  const message = heard[number];
  invariant(message?.text.includes(`"number ${number}"`) === true, `the bench lost message ${number}`);
  return message.at;
}
