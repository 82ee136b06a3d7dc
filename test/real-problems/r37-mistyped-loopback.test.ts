import { expect, test } from "vitest";
import { captured, endsOf, stage, succeed, type } from "./player.js";

const pingAt = (address: string) => `docker run --rm --net host redis:7 redis-cli -h ${address} -p 6379 ping`;

// redis/docker-library-redis#153: "Connection refused between containers", at an address with one wrong octet that answers pings.
test("R37: 127.17.0.2 instead of 172.17.0.2: ping answers, Redis refuses", async () => {
  const { lab, docker01 } = stage("lan");
  await succeed(docker01, "docker run -d --name redis redis:7");
  expect(await type(docker01, "docker exec redis hostname -i")).toBe("172.17.0.2\n");

  const refused = "Could not connect to Redis at 127.17.0.2:6379: Connection refused\n";
  expect(await type(docker01, pingAt("127.17.0.2"))).toBe(refused);
  const ping = await type(docker01, "ping -c 2 127.17.0.2");
  expect(ping).toContain("2 packets transmitted, 2 received, 0% packet loss");
  const [, average] = /rtt min\/avg\/max\/mdev = [\d.]+\/([\d.]+)\//.exec(ping)!;
  expect(Number(average)).toBeLessThan(0.2);
  expect(await type(docker01, "ip route get 127.17.0.2")).toContain("local 127.17.0.2 dev lo src 127.0.0.1");
  const onBridge = await captured(docker01, "tcpdump -ni docker0", () =>
    type(docker01, `${pingAt("127.17.0.2")}; ping -c 1 127.17.0.2`),
  );
  expect(onBridge.filter((line) => line.includes("127.17.0.2"))).toEqual([]);

  // The cause: the SYN never leaves the machine, and nothing of its own listens on that port.
  const trace = await lab.trace(() => type(docker01, pingAt("127.17.0.2")));
  const syn = trace.first("TCP SYN");
  expect(syn.summary).toContain("127.17.0.2:6379");
  expect(endsOf(syn)).toContain(`${docker01.name}, tcp: NO_SOCKET`);
  expect(syn.events.flatMap((event) => (event.kind === "transmit" ? [event.device] : []))).toEqual(["lo"]);

  expect(await type(docker01, pingAt("172.17.0.2"))).toBe("PONG\n");
});
