import { expect, test } from "vitest";
import { captured, endsOf, stage, succeed, type } from "./player.js";

// moby/moby#26492: some containers have an address and a route but no connectivity at all, not even to their gateway.
test("R05: a veth that is no port of the bridge", async () => {
  const { lab, docker01, client } = stage("single");
  await succeed(
    docker01,
    // The hosts of the report run systemd, which sets this for every new device (50-default.conf). With the kernel's 0 the host would answer ARP
    // for 172.17.0.1 on the veth itself, and only the pings after it would be lost.
    "sysctl -w net.ipv4.conf.default.rp_filter=2",
    "docker run -d --name web -p 8080:80 nginx:alpine",
    "V=$(ip -o link | awk -F'[ @:]+' '/veth/{print $2; exit}'); ip link set $V nomaster   # what systemd-networkd did when its .network file matched the veth",
  );
  const ping = "docker exec web ping -c 2 -W 1 172.17.0.1";
  const curl = "curl -m 5 http://192.168.56.101:8080/";

  expect(await type(docker01, "bridge link")).not.toContain("veth");
  expect(await type(docker01, "ip link show docker0")).toContain("NO-CARRIER");
  const onVeth = await captured(docker01, "tcpdump -ni $V arp", async () =>
    expect(await type(docker01, ping)).toContain("100% packet loss"),
  );
  expect(new Set(onVeth)).toEqual(new Set(["ARP, Request who-has 172.17.0.1 tell 172.17.0.2, length 28"]));
  expect(await captured(docker01, "tcpdump -ni docker0", () => type(docker01, ping))).toEqual([]);
  expect(await type(client, curl)).toMatch(/^curl: \((7|28)\) /m);

  // The cause: the container's frames end at the veth, for which 172.17.0.2 is no address of its link; nothing comes from docker0.
  const inside = await lab.trace(() => type(docker01, ping));
  const request = inside.first("ARP who has 172.17.0.1");
  expect(request.devices.at(-1)).toMatch(/^veth/);
  expect(inside.events.filter(({ kind }) => kind === "bridge")).toEqual([]);
  expect(inside.find("172.17.0.1 is at")).toEqual([]);
  const outside = await lab.trace(() => type(client, curl));
  expect(endsOf(outside.first("TCP SYN"))[0]).toMatch(/^docker01, .*: (NEIGH_FAILED|DEV_READY)$/);

  await succeed(
    docker01,
    "ip link set $V master docker0   # lasting: a networkd file with [Match] Name=veth* and [Link] Unmanaged=yes",
  );
  expect(await type(docker01, ping)).toContain("2 packets received");
  expect(await type(client, `${curl} -s -o /dev/null -w '%{http_code}'`)).toBe("200");
});
