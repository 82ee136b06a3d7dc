import { expect, test } from "vitest";
import { captured, endsOf, stage, succeed, type } from "./player.js";
import { dig } from "./tunnel.js";

const PING = "docker exec test-a ping -c 2 -W 1 172.18.0.22";
const LISTEN = "tcpdump -ni enX0 udp or icmp";

// moby/moby#18929: the overlay does not work at first; the vxlan device listens on UDP 8472 instead of 4789.
test("R19: one side on VXLAN port 8472, the other on 4789", async () => {
  const lan = stage("lan");
  const { lab, docker01, hostB } = lan;
  await dig(lan, { a: "", b: "dstport 4789" });

  let answer = "";
  const trace = await lab.trace(() =>
    captured(hostB, LISTEN, async () => {
      answer = await type(docker01, PING);
    }),
  );
  expect(answer).toMatch(/100% packet loss|Destination Host Unreachable/);
  expect(await type(docker01, "ip -d link show vxlan0")).toContain(" dstport 8472 ");
  expect(await type(hostB, "ip -d link show vxlan0")).toContain(" dstport 4789 ");
  // The peer says that nobody has the port; the sender's tunnel does not listen to that.
  expect(trace.value[0]).toMatch(
    /^IP 192\.168\.56\.101\.\d+ > 192\.168\.56\.102\.8472: OTV, flags \[I\] \(0x08\), overlay 0, instance 10$/,
  );
  expect(trace.value[1]).toBe("ARP, Request who-has 172.18.0.22 tell 172.18.0.11, length 28");
  expect(trace.value[2]).toMatch(
    /^IP 192\.168\.56\.102 > 192\.168\.56\.101: ICMP 192\.168\.56\.102 udp port 8472 unreachable, length \d+$/,
  );

  // The cause: the datagram goes to the port of the device that wrapped it, and the other host has no socket there.
  const request = trace.first("ARP who has 172.18.0.22");
  expect(request.events.find(({ kind }) => kind === "encapsulate")).toMatchObject({ netns: "host-a" });
  expect(endsOf(request)).toContain("host-b, udp: NO_SOCKET");

  await succeed(
    docker01,
    "ip link del vxlan0; ip link add vxlan0 type vxlan id 10 remote 192.168.56.102 dstport 4789 dev enX0; ip link set vxlan0 master vxlan-net up",
  );
  const after = await captured(hostB, LISTEN, async () => {
    answer = await type(docker01, `sleep 4; ${PING}`);
  });
  expect(answer).toContain("2 packets received");
  expect(after.join()).not.toContain("unreachable");
});

test("R19: a wrong VNI looks different: the port is open, and nobody says anything", async () => {
  const lan = stage("lan");
  const { lab, docker01, hostB } = lan;
  await dig(lan);
  await succeed(
    hostB,
    "ip link del vxlan0; ip link add vxlan0 type vxlan id 11 remote 192.168.56.101 dstport 4789 dev enX0; ip link set vxlan0 master vxlan-net up",
  );
  let answer = "";
  const trace = await lab.trace(() =>
    captured(hostB, LISTEN, async () => {
      answer = await type(docker01, `sleep 4; ${PING}`);
    }),
  );
  expect(answer).toContain("100% packet loss");
  expect(trace.value.join()).not.toContain("unreachable");
  expect(endsOf(trace.first("ARP who has 172.18.0.22"))).toContain("host-b, vxlan: VXLAN_VNI_NOT_FOUND");
});
