import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

/** The two hosts of seed 004 §3-5 with the tunnel between their networks; nothing runs in them yet. */
export interface TwoChatHosts {
  readonly lab: Lab;
  readonly hostA: Machine;
  readonly hostB: Machine;
  readonly client: Machine;
}

/** Types a line on a machine; it must succeed. Gives what it printed. */
export async function typed(machine: Machine, line: string): Promise<string> {
  const { status, stdout, stderr } = await machine.script(line);
  if (status !== 0) throw new Error(`${machine.name}# ${line}: ${status}: ${stderr}${stdout}`);
  return stdout + stderr;
}

/** The tunnel of §3-5. */
export async function twoChatHosts(seed = 7): Promise<TwoChatHosts> {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed }) as unknown as Lab;
  const [hostA, hostB] = [lab.machine("host-a"), lab.machine("host-b")];
  for (const [host, peer] of [
    [hostA, "192.168.56.102"],
    [hostB, "192.168.56.101"],
  ] as const)
    await typed(
      host,
      `ip link add vxlan0 type vxlan id 10 remote ${peer} dstport 4789 dev enX0 && ip link set vxlan0 up &&
       docker network create --attachable=true --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net &&
       brctl addif vxlan-net vxlan0`,
    );
  return { lab, hostA, hostB, client: lab.machine("client") };
}

export const CHAT_A = "http://192.168.56.101:5000";
export const CHAT_B = "http://192.168.56.102:5000";

/** Redis and chat-a on host A, chat-b on host B, as §3-6 starts them; both servers have found Redis. */
export async function chatHosts(seed = 7): Promise<TwoChatHosts> {
  const hosts = await twoChatHosts(seed);
  await typed(
    hosts.hostA,
    `docker build -q -t chat-app . && docker run -d --name redis --net vxlan-net --ip 172.18.0.100 redis &&
     docker run -d --name chat-a --hostname chat-a --net vxlan-net --ip 172.18.0.11 -p 5000:5000 chat-app`,
  );
  await typed(
    hosts.hostB,
    "docker build -q -t chat-app . && docker run -d --name chat-b --hostname chat-b --net vxlan-net --ip 172.18.0.22 -p 5000:5000 chat-app; sleep 2",
  );
  return hosts;
}
