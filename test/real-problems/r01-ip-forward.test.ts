import { expect, test } from "vitest";
import { captured, endsOf, stage, succeed, type } from "./player.js";

// moby/moby#47966, debops/debops#1878: after some boots Docker warns "IPv4 forwarding is disabled" and containers reach nothing outside.
test("R01: a sysctl of the host turns ip_forward off behind dockerd's back", async () => {
  const { lab, docker01 } = stage("single");
  await succeed(
    docker01,
    "docker run -d --name c1 alpine sleep 3600",
    "docker run -d --name c2 alpine sleep 3600",
    "sysctl -w net.ipv4.ip_forward=0   # what a CIS-benchmark file in sysctl.d does after dockerd has set it to 1",
  );
  const ping = "docker exec c1 ping -c 2 -W 1 203.0.113.9";

  // The symptom: nothing outside answers, and nobody says why.
  const lost = await type(docker01, ping);
  expect(lost).toContain("100% packet loss");
  expect(lost).not.toMatch(/Unreachable|exceeded/);
  // The host's own address is delivered, not forwarded; c1 to c2 is bridged, not routed.
  expect(await type(docker01, "docker exec c1 ping -c 1 -W 1 192.168.56.101")).toContain(
    "1 packets received",
  );
  expect(await type(docker01, "docker exec c1 ping -c 1 -W 1 172.17.0.3")).toContain("1 packets received");
  // Requests come to docker0, and nothing leaves by enX0.
  const onBridge = await captured(docker01, "tcpdump -ni docker0 icmp", () => type(docker01, ping));
  expect(onBridge).toHaveLength(2);
  expect(onBridge[0]).toContain("172.17.0.2 > 203.0.113.9: ICMP echo request");
  expect(await captured(docker01, "tcpdump -ni enX0 icmp", () => type(docker01, ping))).toEqual([]);
  expect(await type(docker01, "docker info")).toMatch(/\n\nWARNING: IPv4 forwarding is disabled\n$/);

  // The cause: the kernel drops what it would have to route.
  const trace = await lab.trace(() => type(docker01, ping));
  expect(endsOf(trace.first("ICMP echo request"))).toEqual(["docker01, ip forward: IP_FORWARDING_DISABLED"]);

  await succeed(
    docker01,
    "sysctl -w net.ipv4.ip_forward=1   # and remove net.ipv4.ip_forward=0 from sysctl.d",
  );
  let answered = "";
  const outside = await captured(docker01, "tcpdump -ni enX0 icmp", async () => {
    answered = await type(docker01, ping);
  });
  expect(answered).toContain("2 packets received");
  expect(outside[0]).toContain("192.168.56.101 > 203.0.113.9: ICMP echo request");
  expect(await type(docker01, "docker info")).not.toContain("WARNING");
});
