import { beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/requirement.js";
import { TSHARK, textOf, tsharkFields } from "./tshark.js";
import { twoChatHosts, typed } from "./two-hosts.js";

const FIELDS = [
  "vxlan.vni",
  "ip.src",
  "ip.dst",
  "tcp.dstport",
  "tcp.checksum.status",
  "resp.bulk_string.value",
] as const;

describeWith("a PUBLISH from host B to the Redis on host A, read by tshark on the underlay", TSHARK, () => {
  let frames: string[][];

  beforeAll(async () => {
    const { hostA, hostB } = await twoChatHosts();
    await typed(hostA, "docker run -d --name redis --net vxlan-net --ip 172.18.0.100 redis");
    await typed(hostB, "docker run -d --name listener --net vxlan-net --ip 172.18.0.33 redis");
    const capture = hostA.capture("enX0", "udp port 4789");
    await typed(
      hostB,
      `docker exec listener redis-cli -h 172.18.0.100 SUBSCRIBE chat:lobby > /tmp/heard & sleep 1
       docker run --rm --net vxlan-net --ip 172.18.0.22 redis redis-cli -h 172.18.0.100 PUBLISH chat:lobby 'hello, 世界'; sleep 1; kill %1`,
    );
    const { pcap } = capture.stop();
    frames = tsharkFields(pcap, "vxlan && resp", FIELDS);
    expect(await typed(hostB, "cat /tmp/heard")).toContain("hello, 世界");
  });

  it("is RESP inside TCP inside VXLAN, with right checksums: the command one way, the push the other", () => {
    const said = frames.map(([vni, source, destination, port, checksum, bulk]) => ({
      vni,
      outer: [source!.split(",")[0], destination!.split(",")[0]],
      inner: [source!.split(",")[1], destination!.split(",")[1]],
      port,
      checksum,
      bulk: textOf(bulk ?? ""),
    }));
    const publish = said.find(({ bulk }) => bulk[0] === "PUBLISH")!;
    expect(publish).toMatchObject({
      vni: "10",
      outer: ["192.168.56.102", "192.168.56.101"],
      inner: ["172.18.0.22", "172.18.0.100"],
      port: "6379",
      bulk: ["PUBLISH", "chat:lobby", "hello, 世界"],
    });
    const push = said.find(({ bulk }) => bulk[0] === "message")!;
    expect(push).toMatchObject({
      vni: "10",
      outer: ["192.168.56.101", "192.168.56.102"],
      inner: ["172.18.0.100", "172.18.0.33"],
      bulk: ["message", "chat:lobby", "hello, 世界"],
    });
    expect(new Set(said.map(({ checksum }) => checksum))).toEqual(new Set(["1"]));
  });
});
