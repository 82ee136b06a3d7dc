import { expect, test } from "vitest";
import { captured, endsOf, ruleMet, stage, succeed, type } from "./player.js";

// KatharaFramework/Kathara#211: packets between two lab devices arrive with the host's address as source, and replies are lost.
test("R03: Docker's MASQUERADE rewrites bridged lab traffic that happens to use 172.17.0.0/16", async () => {
  const { lab, docker01 } = stage("single");
  await succeed(
    docker01,
    "ip link add kt-A type bridge; ip link set kt-A up   # a Kathara collision domain: a bridge without an address",
    "for i in 1 2; do ip netns add pc$i; ip link add p$i type veth peer name eth0 netns pc$i; ip link set p$i master kt-A up; " +
      "ip -n pc$i addr add 172.17.5.$i/24 dev eth0; ip -n pc$i link set eth0 up; done",
    "iptables -I DOCKER-USER -i kt-A -o kt-A -j ACCEPT; sysctl -w net.bridge.bridge-nf-call-iptables=1",
  );
  const ping = "ip netns exec pc1 ping -c 2 -W 1 172.17.5.2";

  expect(await type(docker01, ping)).toContain("100% packet loss");
  const arrived = await captured(docker01, "ip netns exec pc2 tcpdump -nni eth0 icmp", () =>
    type(docker01, ping),
  );
  expect(arrived).toHaveLength(2);
  for (const line of arrived) expect(line).toContain("IP 192.168.56.101 > 172.17.5.2: ICMP echo request");
  expect(await type(docker01, "conntrack -L -p icmp")).toMatch(
    /src=172\.17\.5\.1 dst=172\.17\.5\.2 .*\[UNREPLIED\] src=172\.17\.5\.2 dst=192\.168\.56\.101 /,
  );

  // The cause: a bridged frame passes POSTROUTING, and kt-A is not docker0.
  await succeed(docker01, "conntrack -F");
  const trace = await lab.trace(() => type(docker01, ping));
  const request = trace.first("ICMP echo request");
  const masquerade = ruleMet(request, "-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE");
  expect(masquerade).toMatchObject({
    netns: "docker01",
    hook: "POSTROUTING",
    matched: true,
    origin: { cause: "dockerd" },
  });
  // pc2 has no route back to 192.168.56.101.
  expect(endsOf(request)).toEqual(["pc2, icmp: IP_OUTNOROUTES"]);

  await succeed(
    docker01,
    "sysctl -w net.bridge.bridge-nf-call-iptables=0   # or number the lab outside Docker's subnets",
  );
  let answered = "";
  const seen = await captured(docker01, "ip netns exec pc2 tcpdump -nni eth0 icmp", async () => {
    answered = await type(docker01, "ip netns exec pc1 ping -c 1 -W 1 172.17.5.2");
  });
  expect(answered).toContain("1 received");
  expect(seen[0]).toContain("IP 172.17.5.1 > 172.17.5.2: ICMP echo request");
});
