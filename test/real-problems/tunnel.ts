import { type Stage, succeed } from "./player.js";

/** What the two ends of a tunnel by hand differ in: the options behind `id 10`, and the container. */
export interface TunnelOptions {
  /** Options of `ip link add … type vxlan` on host-a, behind the remote end. */
  readonly a?: string;
  readonly b?: string;
}

/** VXLAN by hand between host-a and host-b, as the reports' set-ups have it: vxlan0 in a Docker network, and a container on it on each host. */
export async function dig({ docker01, hostB }: Stage, { a = "dstport 4789", b = a }: TunnelOptions = {}) {
  await succeed(
    docker01,
    `ip link add vxlan0 type vxlan id 10 remote 192.168.56.102 ${a} dev enX0; ip link set vxlan0 up`,
  );
  await succeed(
    hostB,
    `ip link add vxlan0 type vxlan id 10 remote 192.168.56.101 ${b} dev enX0; ip link set vxlan0 up`,
  );
  const network =
    "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net; ip link set vxlan0 master vxlan-net";
  const container = (name: string, address: string) =>
    `docker run -d --name ${name} --net vxlan-net --ip ${address} alpine sleep 3600`;
  await succeed(docker01, network, container("test-a", "172.18.0.11"));
  await succeed(hostB, network, container("test-b", "172.18.0.22"));
}
