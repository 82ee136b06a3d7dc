import { beforeAll, describe, expect, it } from "vitest";
import { Lab, type MessageList, ms, plot, seconds } from "../../kernel-lib/src/index.js";

const NETWORK =
  "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net";

describe("what redis-cli and redis-server say to each other over a tunnel", () => {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 });
  const { "host-a": hostA, "host-b": hostB, client } = lab.machines;
  let published: MessageList;
  let fetched: MessageList;

  beforeAll(() => {
    for (const [host, remote] of [
      [hostA, "192.168.56.102"],
      [hostB, "192.168.56.101"],
    ] as const) {
      host.exec(`ip link add vxlan0 type vxlan id 10 remote ${remote} dstport 4789 dev enX0`);
      host.exec("ip link set vxlan0 up");
      host.exec(NETWORK);
      host.exec("brctl addif vxlan-net vxlan0");
    }
    hostA.exec("docker run -d --name redis --net vxlan-net --ip 172.18.0.100 redis");
    hostB.exec("docker run -d --name far --net vxlan-net --ip 172.18.0.22 redis");
    hostA.exec("docker run -d --name web --net vxlan-net --ip 172.18.0.11 -p 5000:5000 test-image");
    hostB.start("docker exec far redis-cli -h 172.18.0.100 SUBSCRIBE chat:lobby");
    published = lab.trace(() =>
      hostB.container("far").exec("redis-cli -h 172.18.0.100 PUBLISH chat:lobby keystroke"),
    ).messages;
    fetched = lab.trace(() => client.get("http://192.168.56.101:5000/")).messages;
  });

  it("is a command, the copy for the subscriber and the answer, in this order", () => {
    const said = [...published].map(({ protocol, kind, text }) => `${protocol} ${kind}: ${text}`);
    expect(said.slice(-3)).toEqual([
      "RESP command: PUBLISH chat:lobby keystroke",
      "RESP push: message chat:lobby keystroke",
      "RESP reply: (integer) 1",
    ]);
  });

  it("goes through the tunnel with the containers' own addresses", () => {
    for (const message of published.find("keystroke")) {
      expect(message.tunnel).toBe(10);
      expect(message.addresses).toHaveLength(1);
      expect(message.devices).toEqual(expect.arrayContaining(["eth0", "vxlan0", "enX0"]));
    }
    const copy = published.first("RESP push");
    expect(copy.addresses[0]).toMatchObject({ netns: "redis", source: "172.18.0.100:6379" });
    expect([copy.from, copy.to]).toEqual([
      { machine: "host-a", netns: "redis" },
      { machine: "host-b", netns: "far" },
    ]);
    const rows = copy.table().rows.map((row) => row.slice(2).join(" "));
    expect(rows).toContainEqual(
      expect.stringMatching(
        /^host-a enX0 192\.168\.56\.101:\d+ → 192\.168\.56\.102:4789\n +inside: 172\.18\.0\.100:6379 → 172\.18\.0\.22:\d+ leaves/,
      ),
    );
  });

  it("is drawn with what it says, and as a frame in a frame", async () => {
    expect(await plot.sequence(published.find("keystroke")).svg()).toContain("PUBLISH chat:lobby keystroke");
    const drawn = await plot.frame(published.first("PUBLISH").carrier).svg();
    for (const word of ["VXLAN", "TCP", "RESP", "*3 $7 PUBLISH $10 chat:lobby"])
      expect(drawn).toContain(word);
  });

  it("has both sides of a published port, there and back", () => {
    const [request, response] = fetched;
    expect(request!.text).toBe("GET /");
    expect(request!.addresses.map(({ destination }) => destination)).toEqual([
      "192.168.56.101:5000",
      "172.18.0.11:5000",
    ]);
    expect(response!.text).toMatch(/^200 OK, \d+ bytes of text\/html$/);
    expect(response!.addresses.map(({ source }) => source)).toEqual([
      "172.18.0.11:5000",
      "192.168.56.101:5000",
    ]);
    expect(response!.addresses[1]).toMatchObject({
      machine: "host-a",
      hook: "POSTROUTING",
      rule: "",
      changed: ["source"],
    });
  });

  it("arrives later when its packet was lost, and knows both packets", () => {
    const rule =
      "-p tcp --sport 6379 -m length --length 110:1500 -m statistic --mode nth --every 2 --packet 0 -j DROP";
    hostB.exec(`iptables -I FORWARD ${rule}`);
    const late = lab.trace(() => {
      hostA.exec(`docker exec redis redis-cli PUBLISH chat:lobby ${"a".repeat(60)}`);
      lab.wait(seconds(1));
    });
    hostB.exec("iptables -D FORWARD 1");
    const copy = late.messages.first("RESP push");
    expect(copy.journeys.length).toBeGreaterThan(1);
    expect(copy.journeys[0]!.fates).toEqual([
      expect.objectContaining({ kind: "drop", reason: "NETFILTER_DROP" }),
    ]);
    expect(copy.took).toBeGreaterThan(ms(1));
    expect(copy.to).toEqual({ machine: "host-b", netns: "far" });
  });
});
