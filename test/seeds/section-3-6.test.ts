import { beforeAll, describe, expect, it } from "vitest";
import type { Ran } from "./play.js";
import { seedBlocks } from "./seed.js";
import { HOSTS, type HostName, sectionFive, TwoHosts } from "./two-hosts.js";

const [blockA, blockB] = seedBlocks("3-6");
const BLOCKS: Readonly<Record<HostName, readonly string[]>> = { "host-a": blockA!, "host-b": blockB! };
const ADDRESSES: Readonly<Record<HostName, string>> = {
  "host-a": "192.168.56.101",
  "host-b": "192.168.56.102",
};

describe("seed 004 §3-6, as written after §3-5: a chat across two hosts", () => {
  let hosts: TwoHosts;
  const ran: (Ran & { host: HostName })[] = [];

  beforeAll(async () => {
    hosts = await TwoHosts.open();
    const { of } = sectionFive();
    for (let i = 0; i < Math.max(of["host-a"].length, of["host-b"].length); i++)
      for (const host of HOSTS) if (of[host][i] !== undefined) await hosts.type(host, of[host][i]!);
    for (const host of HOSTS)
      for (const line of BLOCKS[host]) ran.push({ host, ...(await hosts.type(host, line)) });
    await hosts.type("host-a", "sleep 2");
  });

  it("runs every command without an error", () => {
    expect(ran.map(({ host, line }) => `${host}# ${line.split(" ").slice(0, 5).join(" ")}`)).toEqual([
      "host-a# docker build -t chat-app .",
      "host-a# docker run -d --name redis",
      "host-a# docker run -d --name chat-a",
      "host-b# docker build -t chat-app .",
      "host-b# docker run -d --name chat-b",
    ]);
    expect(ran.filter(({ status, stderr }) => status !== 0 || stderr !== "")).toEqual([]);
  });

  it("builds the image step by step, and tags it", () => {
    for (const { stdout } of ran.filter(({ line }) => line.startsWith("docker build"))) {
      expect(stdout).toMatch(
        /^Sending build context to Docker daemon {2}\S+kB\r*\nStep 1\/8 : FROM node:24-alpine\n/,
      );
      expect(stdout).toMatch(/\nSuccessfully built [0-9a-f]{12}\nSuccessfully tagged chat-app:latest\n$/);
    }
  });

  it("gives the containers the addresses of the seed", async () => {
    const format = '{{.Name}} {{(index .NetworkSettings.Networks "vxlan-net").IPAddress}}';
    expect(await hosts.printed("host-a", `docker inspect -f '${format}' redis chat-a`)).toBe(
      "/redis 172.18.0.100\n/chat-a 172.18.0.11\n",
    );
    expect(await hosts.printed("host-b", `docker inspect -f '${format}' chat-b`)).toBe(
      "/chat-b 172.18.0.22\n",
    );
  });

  it.each(HOSTS)(
    "%s has one DNAT rule for port 5000, and Redis is ready for its chat server",
    async (host) => {
      const inside = host === "host-a" ? "172.18.0.11" : "172.18.0.22";
      expect(await hosts.printed(host, "iptables -t nat -S DOCKER | grep 5000")).toBe(
        `-A DOCKER ! -i vxlan-net -p tcp -m tcp --dport 5000 -j DNAT --to-destination ${inside}:5000\n`,
      );
      const health = JSON.parse(
        await hosts.printed("host-a", `curl -s http://${ADDRESSES[host]}:5000/health`),
      );
      expect(health.redis).toBe("ready");
      const name = host === "host-a" ? "chat-a" : "chat-b";
      expect(`${health.host}\n`).toBe(await hosts.printed(host, `docker exec ${name} hostname`));
    },
  );

  it("a message posted at chat-a's port 5000 on host A reaches a listener at chat-b's on host B", async () => {
    await hosts.type(
      "client" as HostName,
      `curl -sN http://${ADDRESSES["host-b"]}:5000/events > /tmp/heard & sleep 1; curl -s -d name=ann -d text=hello http://${ADDRESSES["host-a"]}:5000/messages > /tmp/answer; sleep 1; kill %1`,
    );
    const answer = JSON.parse(await hosts.printed("client" as HostName, "cat /tmp/answer"));
    expect(answer).toMatchObject({ stored: true, message: { name: "ann", text: "hello", room: "lobby" } });
    const heard = (await hosts.printed("client" as HostName, "cat /tmp/heard"))
      .split("\n")
      .filter((line) => line.startsWith("data: "))
      .map((line) => JSON.parse(line.slice(6)));
    expect(heard[0]).toMatchObject({ type: "hello", redis: "ready", messages: [] });
    expect(heard.slice(1)).toEqual([{ type: "message", message: answer.message }]);
    expect(heard[0].host).not.toBe(answer.message.host);
    const history = await hosts.printed("host-b", `curl -s http://${ADDRESSES["host-b"]}:5000/messages`);
    expect(JSON.parse(history)).toEqual([answer.message]);
  });
});
